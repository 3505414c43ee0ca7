//! `serde_json`: a document parsed into a tree and into structs, changed, and written again.
//# set: small
//# count: 110
//# short: 1

use bench::{Checksum, Random, count};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Serialize, Deserialize)]
struct Person {
    id: u64,
    name: String,
    email: Option<String>,
    balance: f64,
    tags: Vec<String>,
    place: Place,
}

#[derive(Serialize, Deserialize)]
struct Place {
    street: String,
    number: i32,
    coordinates: [f64; 2],
}

fn person(id: u64, random: &mut Random) -> Person {
    Person {
        id,
        name: format!("Jürgen \"{}\" O'Neill", random.below(1_000)),
        email: (id % 3 != 0).then(|| format!("user{id}@example.org")),
        balance: random.unit() * 1e5 - 2e4,
        tags: (0..random.below(6))
            .map(|tag| format!("tag\t{tag}"))
            .collect(),
        place: Place {
            street: "Straße des 17. Juni".to_owned(),
            number: random.below(400) as i32 - 3,
            coordinates: [random.unit() * 180.0, random.unit() * -90.0],
        },
    }
}

/// Adds up the numbers in a tree.
fn total(value: &Value) -> f64 {
    match value {
        Value::Number(number) => number.as_f64().unwrap_or(0.0),
        Value::Array(values) => values.iter().map(total).sum(),
        Value::Object(fields) => fields.values().map(total).sum(),
        Value::String(text) => text.len() as f64,
        Value::Bool(_) | Value::Null => 1.0,
    }
}

fn main() {
    let mut random = Random::new(1);
    let mut sum = Checksum::new();
    for _ in 0..count() {
        let people: Vec<Person> = (0..800).map(|id| person(id, &mut random)).collect();
        let written = serde_json::to_string(&people).expect("it can be written");
        let mut read: Vec<Person> = serde_json::from_str(&written).expect("it was just written");
        for person in &mut read {
            person.tags.push(person.name.to_uppercase());
            person.balance *= 1.01;
        }
        let pretty = serde_json::to_string_pretty(&read).expect("it can be written");
        let tree: Value = serde_json::from_str(&pretty).expect("it was just written");
        sum.bytes(pretty.as_bytes());
        sum.add(total(&tree).to_bits());
    }
    sum.print();
}
