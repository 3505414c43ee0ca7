//! What the programs share: the count from the command line, numbers that look random, the checksum.

/// How often to do it: the first argument.
pub fn count() -> u32 {
    let count = std::env::args().nth(1).and_then(|word| word.parse().ok());
    count.filter(|&count| count > 0).unwrap_or_else(|| {
        eprintln!("usage: PROGRAM COUNT");
        std::process::exit(2)
    })
}

/// Steele and Vigna's SplitMix64: the same numbers everywhere.
pub struct Random(u64);

impl Random {
    /// A sequence of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// Below `limit`.
    #[inline]
    pub fn below(&mut self, limit: u32) -> u32 {
        ((self.bits() >> 32) * u64::from(limit) >> 32) as u32
    }

    /// From 0 to 1, without 1.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// FNV-1a: two results differ when a bit of them does.
pub struct Checksum(u64);

impl Checksum {
    /// Of nothing.
    #[expect(clippy::new_without_default, reason = "it is started, not chosen")]
    pub fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds a number.
    #[inline]
    pub fn add(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    /// Adds bytes.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    /// The program's whole output.
    pub fn print(&self) {
        println!("{:016x}", self.0);
    }
}
