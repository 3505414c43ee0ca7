//! The program writes another file and leaves one that must be gone.
//# given-dir: data
//# dir: data::/data
//# file data/out.txt: expected
//# file data/none.txt: expected
//# absent: data/out.txt
//# must-fail: data/out.txt differs in line 1: `written`, expected `expected`
//# must-fail: data/none.txt: No such file
//# must-fail: data/out.txt exists

fn main() {
    std::fs::write("/data/out.txt", "written\n").unwrap();
}
