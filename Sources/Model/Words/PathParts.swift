extension StringProtocol {
    /// What the kernel takes for the parts of a path. A `Character` can be a slash with an accent, which is one all the same.
    public var pathParts: [String] {
        utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether it names something below `directory`; the bytes count, as for the kernel.
    public func isBelow(_ directory: some StringProtocol) -> Bool {
        utf8.starts(with: directory.utf8) && utf8.dropFirst(directory.utf8.count).first == UInt8(ascii: "/")
    }

    /// Whether a normalised path is `other`, or lies below it.
    public func isAt(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) || isBelow(other) }

    /// Whether the path leads out of the directory that it begins in, or back to a part of itself.
    public var leadsUp: Bool { pathParts.contains("..") }
}
