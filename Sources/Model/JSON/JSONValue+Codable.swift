/// As plain JSON. A decoder keeps no literals, so a decoded number has the shortest one of its value.
extension JSONValue: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? container.decode(Int64.self) {
            self = .number(String(number))
        } else if let number = try? container.decode(Double.self) {
            self = .number(String(number))
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let elements = try? container.decode([JSONValue].self) {
            self = .array(elements)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let flag): try container.encode(flag)
        case .number(let literal): try Self.encode(literal, to: &container)
        case .string(let text): try container.encode(text)
        case .array(let elements): try container.encode(elements)
        case .object(let members): try container.encode(members)
        }
    }

    private static func encode(_ literal: String, to container: inout any SingleValueEncodingContainer) throws {
        if let number = Int64(literal) {
            try container.encode(number)
        } else if let number = UInt64(literal) {
            try container.encode(number)
        } else if let number = Double(literal) {
            try container.encode(number)
        } else {
            throw EncodingError.invalidValue(
                literal, .init(codingPath: container.codingPath, debugDescription: "'\(literal)' is not a number"))
        }
    }
}
