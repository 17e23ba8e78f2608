internal import GRDB
internal import Model

/// The values of a row that may not change any more, as far as an entry of the chain can hold them.
struct FixedPart: Hashable {
    /// In the order of ``EvidenceTable/fixed``; a long one is its digest.
    let values: [String?]

    private static let longest = 300
    private static let digest = "digest "

    init(_ values: [DatabaseValue]) { self.values = values.map(Self.text) }

    init?(_ text: String?) {
        guard let text, let values = try? JSONText.decode([String?].self, from: text, of: "chain") else { return nil }
        self.values = values
    }

    func text() throws -> String { try JSONText.encode(values) }

    func value(of name: String, in table: EvidenceTable) -> String? {
        guard let index = table.fixed.firstIndex(where: { $0.name == name }), index < values.count else { return nil }
        return values[index]
    }

    /// `: 'version' was '1.0.0', is '2.0.0'`; empty where nothing differs.
    func words(now: Self?, _ table: EvidenceTable) -> String {
        guard let now else { return "" }
        let pairs = zip(table.fixed, zip(values, now.values)).filter { $1.0 != $1.1 }
        let words = pairs.map { "'\($0.name)' was \(Self.words($1.0, $0.name)), is \(Self.words($1.1, $0.name))" }
        return words.isEmpty ? "" : ": " + words.joined(separator: "; ")
    }

    private static func text(_ value: DatabaseValue) -> String? {
        let text: String
        switch value.storage {
        case .null: return nil
        case .int64(let number): text = "\(number)"
        case .double(let number): text = "\(number)"
        case .string(let string): text = string
        case .blob(let data): return digest + ContentDigest.hex(of: Array(data))
        }
        // A text that looks like the digest of another must not stand for it.
        guard text.utf8.count > longest || text.hasPrefix(digest) else { return text }
        return digest + ContentDigest.hex(of: Array(text.utf8))
    }

    private static func words(_ value: String?, _ name: String) -> String {
        guard let value else { return "absent" }
        if value.hasPrefix(digest) { return "a long text (\(value.prefix(digest.count + 8)))" }
        if ["started", "ended", "seen", "since"].contains(name), let milliseconds = Int64(value) {
            return Timestamp(milliseconds: milliseconds).words
        }
        return "'\(value)'"
    }
}

/// A row as it is.
struct RowState {
    /// Empty where there is none.
    var content = ""
    var fixed: FixedPart?

    init() {}

    /// `row` has the columns of ``EvidenceTable/state``.
    init(_ row: Row, _ table: EvidenceTable) throws {
        content = EvidenceChain.digest(try row.decode(forColumn: "content"))
        guard !table.fixed.isEmpty, try row.decode(Bool.self, forColumn: "isFixed") else { return }
        fixed = FixedPart(table.fixed.indices.map { row["fixed\($0)"] as DatabaseValue })
    }

    static func read(_ source: String, _ key: DatabaseValue, in database: Database) throws -> Self {
        guard let table = EvidenceTable.named(source) else { return Self() }
        let row = try Row.fetchOne(
            database, sql: "SELECT \(table.state) FROM \(source) WHERE \(table.keyExpression()) = ?", arguments: [key])
        return try row.map { try Self($0, table) } ?? Self()
    }

    /// By the last entries before `entry`, where there are any; what they do not say is said of the row, if it is the same.
    static func recorded(before entry: EvidenceEntry, _ key: DatabaseValue, in database: Database) throws -> Self {
        var state = try read(entry.source, key, in: database)
        let older = "FROM evidence WHERE source = ? AND key = ? AND id < ? AND hash IS NOT NULL"
        let arguments: StatementArguments = [entry.source, key, entry.id]
        guard
            let content = try String.fetchOne(
                database, sql: "SELECT content \(older) ORDER BY id DESC LIMIT 1", arguments: arguments)
        else { return state }
        if content != state.content { state.fixed = nil }
        state.content = content
        let fixed = try String.fetchOne(
            database, sql: "SELECT fixed \(older) AND fixed IS NOT NULL ORDER BY id DESC LIMIT 1", arguments: arguments)
        state.fixed = FixedPart(fixed) ?? state.fixed
        return state
    }
}
