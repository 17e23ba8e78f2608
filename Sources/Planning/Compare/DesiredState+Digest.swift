internal import FoundationEssentials

extension DesiredState {
    /// The canonical JSON: members sorted, no white space, absent optional values left out. Equal states, equal bytes.
    ///
    /// Throws only for what no resolved plan holds, such as a number of cores that is not finite.
    public func encoded() throws -> [UInt8] { try json().encoded() }

    /// SHA-256 of the canonical JSON, 64 hexadecimal digits.
    public var digest: String { get throws { ContentDigest.hex(of: try encoded()) } }

    func json() throws -> JSONValue { try JSONValue(encoding: self) }
}

extension JSONValue {
    init(encoding value: some Encodable) throws {
        let bytes = try JSONEncoder().encode(value)
        self = try JSONDocument(file: "state", bytes: [UInt8](bytes)).value
    }
}
