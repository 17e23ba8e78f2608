internal import Synchronization

/// The secret values of a customer repo, by name. Never printed: its description says how many there are.
public struct Secrets: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let values: [String: String]
    private let prepared: Prepared

    public init(_ values: [String: String] = [:]) {
        self.values = values
        prepared = Prepared(values)
    }

    public var names: [String] { values.keys.sorted() }
    public subscript(name: String) -> String? { values[name] }
    public var description: String { "\(values.count) secrets" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// `text` with every secret value of four or more bytes replaced by `[secret NAME]`, in whatever form it is repeated.
    public func redacting(_ text: String) -> String { prepared.redaction().applied(to: text) }

    /// What a program or a server said, for people and the journal: without a value, and no longer than anybody reads.
    public func telling(_ text: String) -> String {
        // In this order: of a value that is cut in two, the first half would not be found.
        redacting(text).cut(to: Self.longestText)
    }

    /// Ten long lines of a log; a registry may send megabytes.
    private static let longestText = 16 << 10

    /// The same, and of `others`, which have names, too.
    public func redaction(adding others: [(name: String, value: String)]) -> Redaction {
        Redaction(Self.marked(values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + others))
    }

    private static func marked(_ values: [(name: String, value: String)]) -> [(value: String, mark: String)] {
        values.map { ($0.value, "[secret \($0.name)]") }
    }

    /// Made with the first text: most secrets are never looked for, and some are large.
    private final class Prepared: Sendable {
        private let values: [String: String]
        private let made = Mutex<Redaction?>(nil)

        init(_ values: [String: String]) { self.values = values }

        func redaction() -> Redaction {
            made.withLock { made in
                let redaction = made ?? Redaction(marked(values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
                made = redaction
                return redaction
            }
        }
    }
}
