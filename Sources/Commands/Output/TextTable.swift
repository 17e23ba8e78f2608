/// Rows with aligned columns, two spaces between them.
struct TextTable {
    /// A text and how it is painted; padding is left unpainted, so that widths count what is seen.
    struct Cell {
        var text: String
        var paint: (String) -> String

        init(_ text: String, _ paint: @escaping (String) -> String = { $0 }) {
            self.text = text
            self.paint = paint
        }
    }

    private(set) var rows: [[Cell]] = []
    var indentation = 0

    mutating func add(_ cells: Cell...) { rows.append(cells) }

    var lines: [String] {
        let widths = columnWidths
        return rows.map { line($0, widths) }
    }

    private func line(_ row: [Cell], _ widths: [Int]) -> String {
        let last = Self.lastUsed(row)
        var line = spaces(indentation)
        for (column, cell) in row.prefix(last + 1).enumerated() {
            line += cell.paint(cell.text)
            // A column that is empty in every row takes no room.
            if column < last, widths[column] > 0 { line += spaces(widths[column] - cell.text.count + 2) }
        }
        return line
    }

    private var columnWidths: [Int] {
        var widths = [Int](repeating: 0, count: rows.map(\.count).max() ?? 0)
        for row in rows {
            // The last cell of a row pushes nothing to the right, so it does not widen its column.
            for column in 0..<Self.lastUsed(row) { widths[column] = max(widths[column], row[column].text.count) }
        }
        return widths
    }

    private static func lastUsed(_ row: [Cell]) -> Int { row.lastIndex { !$0.text.isEmpty } ?? 0 }
    private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
