//! Many small objects of several sizes that live for different times: strings, lists, boxes, a graph of counted
//! references.
//# set: small
//# count: 81
//# short: 1

use bench::{Checksum, Random, count};
use std::cell::RefCell;
use std::collections::{LinkedList, VecDeque};
use std::rc::{Rc, Weak};

struct Employee {
    name: String,
    boss: Option<Weak<Employee>>,
    staff: RefCell<Vec<Rc<Employee>>>,
}

fn hire(boss: &Rc<Employee>, depth: u32, random: &mut Random) {
    for _ in 0..3 {
        let employee = Rc::new(Employee {
            name: format!("{}.{}", boss.name, random.below(10)),
            boss: Some(Rc::downgrade(boss)),
            staff: RefCell::default(),
        });
        if depth > 0 {
            hire(&employee, depth - 1, random);
        }
        boss.staff.borrow_mut().push(employee);
    }
}

fn letters(employee: &Employee) -> u64 {
    let above = employee.boss.as_ref().and_then(Weak::upgrade);
    let own = employee.name.len() + above.map_or(0, |boss| boss.staff.borrow().len());
    own as u64
        + employee
            .staff
            .borrow()
            .iter()
            .map(|e| letters(e))
            .sum::<u64>()
}

fn messages(random: &mut Random, sum: &mut Checksum) {
    let mut waiting: VecDeque<Box<[u8]>> = VecDeque::new();
    let mut kept: LinkedList<String> = LinkedList::new();
    for _ in 0..40_000 {
        let length = 1 + random.below(200) as usize;
        waiting.push_back(vec![length as u8; length].into_boxed_slice());
        if waiting.len() > 500 {
            let message = waiting.pop_front().expect("it is not empty");
            sum.add(message.len() as u64);
            if message[0] % 16 == 0 {
                kept.push_back(format!("{:?}", &message[..3]));
            }
        }
        if kept.len() > 300 {
            sum.bytes(kept.pop_front().expect("it is not empty").as_bytes());
        }
    }
}

fn main() {
    let mut random = Random::new(1);
    let mut sum = Checksum::new();
    for _ in 0..count() {
        let boss = Rc::new(Employee {
            name: "0".to_owned(),
            boss: None,
            staff: RefCell::default(),
        });
        hire(&boss, 7, &mut random);
        sum.add(letters(&boss));
        messages(&mut random, &mut sum);
    }
    sum.print();
}
