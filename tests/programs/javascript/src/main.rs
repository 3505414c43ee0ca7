//! Runs a JavaScript file with Boa. `print` writes its arguments; an exception ends the program with status 1.

use boa_engine::{Context, JsResult, JsValue, NativeFunction, Source, js_string};
use std::process::ExitCode;

fn main() -> ExitCode {
    let path = std::env::args().nth(1).expect("the path of a script");
    let mut context = Context::default();
    context
        .register_global_callable(js_string!("print"), 1, NativeFunction::from_fn_ptr(print))
        .expect("`print` is a new name");
    let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    match context.eval(Source::from_bytes(&source)) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Uncaught {error}");
            ExitCode::FAILURE
        }
    }
}

fn print(_: &JsValue, arguments: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let mut words = Vec::new();
    for argument in arguments {
        words.push(argument.to_string(context)?.to_std_string_escaped());
    }
    println!("{}", words.join(" "));
    Ok(JsValue::undefined())
}
