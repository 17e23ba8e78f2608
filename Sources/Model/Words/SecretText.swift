/// A text of a resolved plan that may refer to secrets: `${secret:NAME}`; `$${` stands for a literal `${`.
///
/// Everything else that a plan can refer to is already replaced. Values enter only where the engine is called.
public struct SecretText: Hashable, Sendable, Codable, CustomStringConvertible {
    /// As it stands in the resolved plan, references included.
    public let source: String

    public init(source: String) { self.source = source }

    /// Names of the secrets it refers to, in order of appearance.
    public var references: [String] {
        pieces.compactMap { if case .secret(let name) = $0 { name } else { nil } }
    }

    public var description: String { source }

    /// The text with every reference replaced; `nil` when a secret is missing.
    public func value(with secrets: Secrets) -> String? {
        var result = ""
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .secret(let name):
                guard let value = secrets[name] else { return nil }
                result += value
            }
        }
        return result
    }

    private enum Piece {
        case text(String)
        case secret(String)
    }

    private var pieces: [Piece] {
        var pieces: [Piece] = []
        var rest = source[...]
        while let match = rest.firstMatch(of: /\$\$\{|\$\{secret:(?<name>[^}]*)\}/) {
            pieces.append(.text(String(rest[..<match.range.lowerBound])))
            pieces.append(match.output.name.map { .secret(String($0)) } ?? .text("${"))
            rest = rest[match.range.upperBound...]
        }
        return pieces + [.text(String(rest))]
    }

    public init(from decoder: any Decoder) throws {
        source = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(source)
    }
}
