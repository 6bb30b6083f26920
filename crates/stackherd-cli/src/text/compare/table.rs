//! Columns of text.

use std::io::{self, Write};

use crate::text::paint::Paint;

/// Rows of cells; all columns but the first and the last stand to the right.
#[derive(Debug, Default)]
pub(super) struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(head: Vec<String>) -> Self {
        Self { head, rows: Vec::new() }
    }

    pub(super) fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    pub(super) fn write(&self, out: &mut impl Write, paint: Paint) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let n = self.head.len();
        let width = |column: usize| {
            let cells = std::iter::once(&self.head).chain(&self.rows).filter_map(|row| row.get(column));
            cells.map(|cell| columns(cell)).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..n).map(width).collect();
        let line = |row: &[String]| {
            let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, &width))| {
                let pad = " ".repeat(width.saturating_sub(columns(cell)));
                match at {
                    0 => format!("  {cell}{pad}"),
                    at if at + 1 == n => format!("  {cell}"),
                    _ => format!("  {pad}{cell}"),
                }
            });
            cells.collect::<String>()
        };
        writeln!(out, "{}", paint.dim(line(&self.head).trim_end()))?;
        for row in &self.rows {
            writeln!(out, "{}", super::plain(line(row).trim_end()))?;
        }
        Ok(())
    }
}

/// Columns of a terminal that text takes: Chinese takes two each.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}') { 2 } else { 1 }).sum()
}
