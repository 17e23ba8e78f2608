/// `uid:gid`, both numbers.
public struct FileOwner: WrittenValue {
    public static let form = "an owner such as '999:999'"

    public let user: UInt32
    public let group: UInt32

    public init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }

    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let user = UInt32(digits: parts[0]), let group = UInt32(digits: parts[1])
        else { return nil }
        self.init(user: user, group: group)
    }

    public var description: String { "\(user):\(group)" }
}

/// Permission bits, written as four octal digits: `0700`.
public struct FileMode: WrittenValue {
    public static let form = "an octal mode such as '0700'"

    public let bits: UInt32

    public init(bits: UInt32) { self.bits = bits }

    public init?(_ text: String) {
        guard text.count >= 3, text.count <= 4, let bits = UInt32(digits: text, radix: 8) else { return nil }
        self.bits = bits
    }

    public var description: String {
        let digits = String(bits, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
