extension StringProtocol {
    /// What the kernel takes for the parts of a path. A `Character` can be a slash with an accent, which is one all the same.
    public var pathParts: [String] {
        utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether the path leads out of the directory that it begins in, or back to a part of itself.
    public var leadsUp: Bool { pathParts.contains("..") }
}
