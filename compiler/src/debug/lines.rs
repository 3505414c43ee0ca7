//! The line table of a unit: which line each instruction of the module comes from.

use super::budget::Trouble;
use super::guest::{Bytes, File, Place, Reader};
use gimli::{ColumnType, LittleEndian};

/// Rows in the order of their offsets.
#[derive(Default)]
pub(super) struct Lines(Vec<Row>);

/// A row: it counts up to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Bytes from the start of the module.
    pub(super) offset: u32,
    /// Where the instructions come from.
    pub(super) place: Place,
    /// Whether a breakpoint at the line should be here.
    pub(super) is_statement: bool,
    /// Whether a breakpoint at the function should be here.
    pub(super) ends_prologue: bool,
}

impl Lines {
    /// The rows of a function whose body has these offsets.
    pub(super) fn of(&self, start: u32, end: u32) -> &[Row] {
        let first = self.0.partition_point(|row| row.offset < start);
        let last = self.0.partition_point(|row| row.offset < end);
        self.0.get(first..last).unwrap_or_default()
    }
}

/// The row that an instruction belongs to, among those of its function; `None` without a line.
pub(super) fn row(rows: &[Row], offset: u32) -> Option<Row> {
    let next = rows.partition_point(|row| row.offset <= offset);
    let row = rows.get(next.checked_sub(1)?)?;
    (row.place.line != 0).then_some(*row)
}

/// The files that a unit's lines belong to, by their number there; the first one is number 0 from DWARF 5 on, 1 before.
pub(super) fn files<'a>(
    reader: &Reader<'a, '_>,
    unit: &gimli::Unit<Bytes<'a>>,
) -> Result<Vec<File<'a>>, Trouble> {
    let Some(program) = &unit.line_program else {
        return Ok(Vec::new());
    };
    let header = program.header();
    let mut files = Vec::new();
    if header.version() <= 4 {
        files.push(File {
            folder: None,
            name: unit.name.unwrap_or(Bytes::new(&[], LittleEndian)),
        });
    }
    for file in header.file_names() {
        let folder = match file.directory_index() {
            0 => None,
            index => match header.directory(index) {
                Some(folder) => Some(reader.string(unit, folder)?),
                None => None,
            },
        };
        files.push(File {
            folder,
            name: reader.string(unit, file.path_name())?,
        });
    }
    Ok(files)
}

/// The line table of a unit. Sequences of code that is not there are left out.
pub(super) fn read<'a>(
    reader: &Reader<'a, '_>,
    unit: &gimli::Unit<Bytes<'a>>,
) -> Result<Lines, Trouble> {
    let Some(program) = unit.line_program.clone() else {
        return Ok(Lines::default());
    };
    let mut lines: Vec<(bool, Row)> = Vec::new();
    let mut begins = true;
    let mut is_there = false;
    let mut rows = program.rows();
    while let Some((_, row)) = rows.next_row()? {
        reader.budget.spend(16)?;
        let offset = reader.offset(row.address());
        if begins {
            is_there = offset.is_some_and(|offset| reader.bodies.find(offset).is_some());
        }
        begins = row.end_sequence();
        let Some(offset) = offset.filter(|_| is_there) else {
            continue;
        };
        let place = Place {
            file: u32::try_from(row.file_index()).unwrap_or(u32::MAX),
            line: row.line().map_or(0, |line| limited(line.get())),
            column: match row.column() {
                ColumnType::LeftEdge => 0,
                ColumnType::Column(column) => limited(column.get()),
            },
        };
        let row = Row {
            offset,
            place: if begins { Place::default() } else { place },
            is_statement: row.is_stmt(),
            ends_prologue: row.prologue_end(),
        };
        lines.push((!begins, row));
    }
    // Where one sequence ends another may begin.
    lines.sort_by_key(|(is_row, row)| (row.offset, *is_row));
    Ok(Lines(lines.into_iter().map(|(_, row)| row).collect()))
}

/// A line or column as far as it makes sense.
pub(super) fn limited(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}
