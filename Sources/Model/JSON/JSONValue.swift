/// A JSON value as it is written: numbers keep their literal, so that nothing is lost between two documents.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The literal as written: `1`, `0.50`, `1e3`.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The member of an object; `nil` for any other value.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    /// What an RFC 6901 pointer leads to; the empty pointer is the value itself.
    public subscript(pointer pointer: String) -> JSONValue? {
        JSONPointer.parts(of: pointer).reduce(Optional(self)) { value, part in
            switch value {
            case .object(let members): members[part]
            case .array(let elements): Int(part).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            default: nil
            }
        }
    }

    public var object: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    public var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    public var bool: Bool? {
        guard case .bool(let flag) = self else { return nil }
        return flag
    }

    /// `nil` also for a number with a fraction or beyond 64 bits.
    public var integer: Int? {
        guard case .number(let literal) = self else { return nil }
        return Int(literal) ?? Double(literal).flatMap(Int.init(exactly:))
    }

    public var number: Double? {
        guard case .number(let literal) = self else { return nil }
        return Double(literal)
    }
}
