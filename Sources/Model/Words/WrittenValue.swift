/// A value that is written as one string in JSON and parsed once, at the edge.
public protocol WrittenValue: LosslessStringConvertible, Hashable, Sendable, Codable {
    /// What a good value looks like, for error messages: `a duration such as '30s'`.
    static var form: String { get }
}

extension WrittenValue {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not \(Self.form)"))
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
