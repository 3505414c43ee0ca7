//! `elfin targets`: what is listed is what `compile` takes.

mod elfin;

use elfin::Folder;

/// The strings of a list in the JSON text, behind this key, one list a target.
fn lists(json: &str, key: &str) -> Vec<Vec<String>> {
    let key = format!("\"{key}\": [");
    let lists = json.split(&key).skip(1);
    let of = |text: &str| {
        let list = &text[..text.find(']').unwrap()];
        let items = list.split(", ").filter(|item| !item.is_empty());
        items
            .map(|item| item.trim_matches('"').to_owned())
            .collect()
    };
    lists.map(of).collect()
}

#[test]
fn what_is_listed_is_understood() {
    let folder = Folder::new();
    let text = folder.elfin(["targets"]).succeeds().stdout();
    let json = folder.elfin(["targets", "--json"]).succeeds().stdout();
    let targets = ["x86_64-linux", "aarch64-linux", "riscv64-linux"];
    let compile = |target: &str, cpu: &str| {
        let arguments = [
            "compile",
            "hello.wat",
            "--emit",
            "clif",
            "-o",
            "-",
            "--target",
            target,
            "--cpu",
            cpu,
        ];
        folder.elfin(arguments)
    };
    let keys = ["machines", "levels", "features", "suffixes"];
    let [machines, levels, features, suffixes] = keys.map(|key| lists(&json, key));
    for (index, target) in targets.into_iter().enumerate() {
        assert!(
            json.contains(&format!("{{\"target\": \"{target}\"")),
            "{json}"
        );
        assert!(text.lines().any(|line| line.starts_with(target)), "{text}");
        for machine in &machines[index] {
            compile(machine, "generic").succeeds();
            compile(&format!("{machine}{}", suffixes[index][index]), "generic").succeeds();
        }
        for level in &levels[index] {
            compile(target, level).succeeds();
        }
        let all: Vec<String> = features[index]
            .iter()
            .map(|name| format!("+{name}"))
            .collect();
        compile(target, &all.join(",")).succeeds();
        for word in machines[index].iter().chain(&levels[index]).chain(&all) {
            assert!(
                text.split_whitespace().any(|listed| listed == word),
                "no {word} in {text}"
            );
        }
    }
    // What is not listed is not understood.
    compile("x86_64-linux", "x86-64-v9").fails(2, &["'x86-64-v9'"]);
    compile("x86_64-freebsd", "generic").fails(2, &["'x86_64-freebsd'"]);
    let hosts = json.matches("\"host\": true").count();
    assert_eq!(hosts, usize::from(cfg!(target_os = "linux")));
    assert_eq!(text.contains("(this machine)"), hosts == 1);
}

#[test]
fn mistakes() {
    let folder = Folder::new();
    folder
        .elfin(["targets", "--jsn"])
        .fails(2, &["'--jsn'", "'--json'"]);
    folder.elfin(["targets", "x"]).fails(2, &["'x'"]);
    folder
        .elfin(["target"])
        .fails(2, &["'target'", "'targets'"]);
    // A reader that has seen enough.
    folder.bash("$ELFIN targets | head -1").succeeds();
    folder
        .bash("$ELFIN targets >/dev/full")
        .fails(1, &["standard output"]);
}
