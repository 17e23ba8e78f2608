/// Rows with aligned columns, two spaces between them.
struct TextTable {
    /// A text and how it is painted; padding is left unpainted, so that widths count what is seen.
    struct Cell {
        var text: String
        var paint: (String) -> String
        /// A command, say, that is copied as it stands.
        var isVerbatim = false

        init(_ text: String, _ paint: @escaping (String) -> String = { $0 }) {
            self.text = text
            self.paint = paint
        }

        static func verbatim(_ text: String) -> Self {
            var cell = Self(text)
            cell.isVerbatim = true
            return cell
        }
    }

    private(set) var rows: [[Cell]] = []
    var indentation = 0
    /// Of the screen: the last cell of a row goes on below itself. `nil` where lines are not broken.
    var columns: Int?

    mutating func add(_ cells: Cell...) { rows.append(cells) }
    mutating func add(_ cells: [Cell]) { rows.append(cells) }

    var lines: [String] { blocks.flatMap(\.self) }

    /// The lines of each row.
    var blocks: [[String]] {
        let widths = columnWidths
        return rows.map { lines($0, widths) }
    }

    private func lines(_ row: [Cell], _ widths: [Int]) -> [String] {
        let last = Self.lastUsed(row)
        var line = spaces(indentation)
        var width = indentation
        // A column that is empty in every row takes no room.
        for (column, cell) in row.prefix(last).enumerated() where widths[column] > 0 {
            line += cell.paint(cell.text) + spaces(widths[column] - cell.text.count + 2)
            width += max(widths[column], cell.text.count) + 2
        }
        guard row.indices.contains(last) else { return [line] }
        let wrapped = WrappedText(columns: row[last].isVerbatim ? nil : columns).lines(row[last].text, indent: width)
        return [line + row[last].paint(wrapped[0])]
            + wrapped.dropFirst().map { spaces(width) + row[last].paint(String($0.dropFirst(width))) }
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
