internal import Files
internal import Glibc

/// The TCP sockets of this host, as `/proc/net/tcp` and `/proc/net/tcp6` list them.
struct SocketTable {
    private struct Ends: Hashable {
        let near: Substring
        let far: Substring
    }

    private struct Entry {
        let ends: Ends
        let state: Substring
        let inode: UInt64
    }

    private var ends: [UInt64: Ends] = [:]
    private var entries: [Ends: Entry] = [:]

    static func current() -> SocketTable {
        SocketTable(
            ["/proc/net/tcp", "/proc/net/tcp6"].map { path in
                String(decoding: (try? Descriptor(path, O_RDONLY).read(limit: 256 << 20)) ?? [], as: UTF8.self)
            })
    }

    init(_ lists: [String]) {
        for line in lists.lazy.flatMap({ $0.split(separator: "\n").dropFirst() }) {
            guard let entry = Self.entry(line) else { continue }
            entries[entry.ends] = entry
            if entry.inode != 0 { ends[entry.inode] = entry.ends }
        }
    }

    /// Whether the other end of the connection `inode` is on this host too, and belongs to no program: it waits to be taken.
    func isUntaken(_ inode: UInt64) -> Bool {
        guard let own = ends[inode], let other = entries[Ends(near: own.far, far: own.near)] else { return false }
        // Established, or still waiting for room in the queue. One that ends has no program either.
        return other.inode == 0 && ["01", "03"].contains(other.state)
    }

    /// `2: 0100590A:46A0 0100590A:93CC 01 … INODE`.
    private static func entry(_ line: Substring) -> Entry? {
        let words = line.split(separator: " ", maxSplits: 10)
        guard words.count > 9, let inode = UInt64(words[9]) else { return nil }
        return Entry(ends: Ends(near: plain(words[1]), far: plain(words[2])), state: words[3], inode: inode)
    }

    /// A socket of IPv6 lists the connections of IPv4 that it takes in a form of its own.
    private static func plain(_ end: Substring) -> Substring {
        let mapped = "0000000000000000FFFF0000"
        return end.hasPrefix(mapped) ? end.dropFirst(mapped.count) : end
    }
}
