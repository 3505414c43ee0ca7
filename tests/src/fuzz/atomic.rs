//! Atomic instructions for a reference that has none: a generated program is a single thread, so a load, an operation
//! and a store do the same. What is not aligned ends in `unreachable`.

use super::coverage;
use super::rewrite::{self, Section, Site};
use super::shape::Shape;
use anyhow::{Context, Result, bail};
use wasm_encoder::{BlockType, Encode, Instruction, MemArg, ValType};
use wasmparser::{BinaryReader, Operator};

/// An atomic access.
struct Access {
    /// The operands' type.
    ty: ValType,
    /// Bytes of memory.
    width: u64,
    memory: MemArg,
    /// Whether addresses are i64.
    is_64: bool,
}

/// Takes the mark of sharing from memories, which does not matter to a single thread.
pub fn unshare(module: &[u8]) -> Result<Vec<u8>> {
    // memory: flags:u8 minimum maximum? log2(page size)?, flags: 1 maximum, 2 shared, 4 i64, 8 page size
    rewrite::section(module, Section::Memory, |content| {
        let mut reader = BinaryReader::new(content, 0);
        let mut unshared = Vec::new();
        let count = reader.read_var_u32()?;
        count.encode(&mut unshared);
        for _ in 0..count {
            let flags = reader.read_u8()?;
            unshared.push(flags & !2);
            let numbers = 1 + (flags & 1) + (flags >> 3 & 1);
            for _ in 0..numbers {
                reader.read_var_u64()?.encode(&mut unshared);
            }
        }
        Ok(unshared)
    })
}

/// Puts other instructions where an atomic one is; whether it was one.
pub fn lower(site: &mut Site<'_, '_>, shape: &Shape) -> Result<bool> {
    let name = coverage::name(site.operator);
    let Some((ty, what)) = name.split_once("Atomic") else {
        return Ok(false);
    };
    if matches!(site.operator, Operator::AtomicFence) {
        return Ok(true);
    }
    let (memory, memory_index) = memory_argument(site.bytes)?;
    let digits: String = what.chars().filter(char::is_ascii_digit).collect();
    let ty = match (ty, digits.as_str()) {
        ("I64", _) | ("Memory", "64") => ValType::I64,
        _ => ValType::I32,
    };
    let natural = if ty == ValType::I64 { 64 } else { 32 };
    let shared = &shape.memories[memory_index as usize];
    let access = Access {
        ty,
        width: digits.parse().unwrap_or(natural) / 8,
        memory,
        is_64: shared.memory64,
    };
    let operation = what.trim_end_matches('U').replace(&digits, "");
    match operation.as_str() {
        "Load" => {
            access.address(site);
            access.load(site);
        }
        "Store" => {
            let value = access.operand(site, 0);
            access.address(site);
            site.emit(&Instruction::LocalGet(value));
            access.store(site);
        }
        "Notify" => {
            site.emit(&Instruction::Drop);
            access.address(site);
            access.load(site);
            site.emit(&Instruction::Drop);
            // Nobody waits.
            site.emit(&Instruction::I32Const(0));
        }
        "Wait" => access.wait(site, shared.shared),
        "RmwCmpxchg" => access.compare_and_exchange(site),
        _ => access.modify(site, &operation)?,
    }
    Ok(true)
}

impl Access {
    /// Moves an operand from the stack to a local.
    fn operand(&self, site: &mut Site<'_, '_>, number: usize) -> u32 {
        // The first number of i32 and i64 is the address's.
        let local = site.scratch(self.ty, 1 + number);
        site.emit(&Instruction::LocalSet(local));
        local
    }

    fn address_local(&self, site: &mut Site<'_, '_>) -> u32 {
        let ty = if self.is_64 {
            ValType::I64
        } else {
            ValType::I32
        };
        site.scratch(ty, 0)
    }

    /// Takes the address from the stack, checks it, and puts it there again. What lies outside the memory is that, also
    /// where it is not aligned either.
    fn address(&self, site: &mut Site<'_, '_>) {
        let local = self.address_local(site);
        site.emit(&Instruction::LocalSet(local));
        site.emit(&Instruction::LocalGet(local));
        self.load(site);
        site.emit(&Instruction::Drop);
        site.emit(&Instruction::LocalGet(local));
        if !self.is_64 {
            site.emit(&Instruction::I64ExtendI32U);
        }
        site.emit(&Instruction::I64Const(self.memory.offset as i64));
        site.emit(&Instruction::I64Add);
        site.emit(&Instruction::I64Const(self.width as i64 - 1));
        site.emit(&Instruction::I64And);
        site.emit(&Instruction::I64Const(0));
        site.emit(&Instruction::I64Ne);
        site.emit(&Instruction::If(BlockType::Empty));
        site.emit(&Instruction::Unreachable);
        site.emit(&Instruction::End);
        site.emit(&Instruction::LocalGet(local));
    }

    fn load(&self, site: &mut Site<'_, '_>) {
        site.emit(&match (self.ty, self.width) {
            (ValType::I32, 1) => Instruction::I32Load8U(self.memory),
            (ValType::I32, 2) => Instruction::I32Load16U(self.memory),
            (ValType::I32, _) => Instruction::I32Load(self.memory),
            (_, 1) => Instruction::I64Load8U(self.memory),
            (_, 2) => Instruction::I64Load16U(self.memory),
            (_, 4) => Instruction::I64Load32U(self.memory),
            _ => Instruction::I64Load(self.memory),
        });
    }

    fn store(&self, site: &mut Site<'_, '_>) {
        site.emit(&match (self.ty, self.width) {
            (ValType::I32, 1) => Instruction::I32Store8(self.memory),
            (ValType::I32, 2) => Instruction::I32Store16(self.memory),
            (ValType::I32, _) => Instruction::I32Store(self.memory),
            (_, 1) => Instruction::I64Store8(self.memory),
            (_, 2) => Instruction::I64Store16(self.memory),
            (_, 4) => Instruction::I64Store32(self.memory),
            _ => Instruction::I64Store(self.memory),
        });
    }

    /// Reads the old value into a local, with the address from the stack.
    fn old(&self, site: &mut Site<'_, '_>) -> u32 {
        self.address(site);
        self.load(site);
        self.operand(site, 2)
    }

    /// `memory.atomic.wait`: not the expected value is 1, time up is 2. It is refused where nobody else could wake it.
    fn wait(&self, site: &mut Site<'_, '_>, is_shared: bool) {
        site.emit(&Instruction::Drop);
        let expected = self.operand(site, 0);
        let old = self.old(site);
        if !is_shared {
            site.emit(&Instruction::Unreachable);
        }
        site.emit(&Instruction::LocalGet(old));
        site.emit(&Instruction::LocalGet(expected));
        site.emit(&self.pick(Instruction::I32Eq, Instruction::I64Eq));
        site.emit(&Instruction::I32Const(1));
        site.emit(&Instruction::I32Add);
    }

    /// The expected value is wrapped to the width before it is compared.
    /// <https://github.com/WebAssembly/threads/issues/195>
    fn compare_and_exchange(&self, site: &mut Site<'_, '_>) {
        let replacement = self.operand(site, 0);
        let expected = self.operand(site, 1);
        let old = self.old(site);
        let address = self.address_local(site);
        let mask = u64::MAX >> (64 - 8 * self.width);
        site.emit(&Instruction::LocalGet(old));
        site.emit(&Instruction::LocalGet(expected));
        site.emit(&self.pick(
            Instruction::I32Const(mask as i32),
            Instruction::I64Const(mask as i64),
        ));
        site.emit(&self.pick(Instruction::I32And, Instruction::I64And));
        site.emit(&self.pick(Instruction::I32Eq, Instruction::I64Eq));
        site.emit(&Instruction::If(BlockType::Empty));
        site.emit(&Instruction::LocalGet(address));
        site.emit(&Instruction::LocalGet(replacement));
        self.store(site);
        site.emit(&Instruction::End);
        site.emit(&Instruction::LocalGet(old));
    }

    /// Another read-modify-write.
    fn modify(&self, site: &mut Site<'_, '_>, operation: &str) -> Result<()> {
        let value = self.operand(site, 0);
        let old = self.old(site);
        let address = self.address_local(site);
        site.emit(&Instruction::LocalGet(address));
        site.emit(&Instruction::LocalGet(old));
        site.emit(&Instruction::LocalGet(value));
        match operation {
            "RmwAdd" => site.emit(&self.pick(Instruction::I32Add, Instruction::I64Add)),
            "RmwSub" => site.emit(&self.pick(Instruction::I32Sub, Instruction::I64Sub)),
            "RmwAnd" => site.emit(&self.pick(Instruction::I32And, Instruction::I64And)),
            "RmwOr" => site.emit(&self.pick(Instruction::I32Or, Instruction::I64Or)),
            "RmwXor" => site.emit(&self.pick(Instruction::I32Xor, Instruction::I64Xor)),
            "RmwXchg" => {
                // The value alone: old, value -> value
                let new = self.operand(site, 3);
                site.emit(&Instruction::Drop);
                site.emit(&Instruction::LocalGet(new));
            }
            other => bail!("no atomic operation is called {other}"),
        }
        self.store(site);
        site.emit(&Instruction::LocalGet(old));
        Ok(())
    }

    fn pick(
        &self,
        narrow: Instruction<'static>,
        wide: Instruction<'static>,
    ) -> Instruction<'static> {
        match self.ty {
            ValType::I32 => narrow,
            _ => wide,
        }
    }
}

/// The memory argument of an encoded atomic instruction, for an access without an alignment of its own.
///
/// ```text
/// 0xfe opcode:u32 (align | 0x40 if a memory is named):u32 memory:u32? offset:u64
/// ```
fn memory_argument(bytes: &[u8]) -> Result<(MemArg, u32)> {
    let mut reader = BinaryReader::new(bytes, 0);
    reader.read_u8()?;
    reader.read_var_u32()?;
    let flags = reader.read_var_u32()?;
    let memory_index = match flags & 0x40 {
        0 => 0,
        _ => reader.read_var_u32()?,
    };
    let offset = reader
        .read_var_u64()
        .context("an atomic access has an offset")?;
    let memory = MemArg {
        offset,
        align: 0,
        memory_index,
    };
    Ok((memory, memory_index))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmi::{Engine, Linker, Module, Store};

    /// Calls `f` of the lowered module.
    fn run(body: &str) -> Result<i64> {
        let text = format!(
            "(module (memory 1 1 shared) (data (i32.const 8) \"\\01\\02\\03\\04\\05\\06\\07\\08\")
               (func (export \"f\") (result i64) {body}))"
        );
        let module = super::super::lower::lower(&wat::parse_str(text)?)?;
        let engine = Engine::default();
        let module = Module::new(&engine, &module)?;
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module)?;
        Ok(instance
            .get_typed_func::<(), i64>(&store, "f")?
            .call(&mut store, ())?)
    }

    #[test]
    fn a_single_thread_sees_no_difference() {
        let add = "(i64.atomic.rmw16.add_u offset=2 (i32.const 8) (i64.const 0xffff)) drop
                   (i64.atomic.load (i32.const 8))";
        assert_eq!(run(add).unwrap(), 0x0807_0605_0402_0201);
        let exchange = "(i64.atomic.rmw8.xchg_u (i32.const 9) (i64.const 0x1ff))";
        assert_eq!(run(exchange).unwrap(), 2);
        let compare = "(i64.extend_i32_u (i32.atomic.rmw8.cmpxchg_u (i32.const 8) (i32.const 0x701) (i32.const 9))) drop
                       (i64.atomic.load8_u (i32.const 8))";
        assert_eq!(run(compare).unwrap(), 9);
        let wait = "(i64.extend_i32_u (memory.atomic.wait32 (i32.const 8) (i32.const 0x04030201) (i64.const 0)))";
        assert_eq!(run(wait).unwrap(), 2);
        assert!(run("(i64.atomic.load (i32.const 9))").is_err());
    }
}
