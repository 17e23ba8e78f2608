internal import Glibc
internal import Model

/// What a transfer leaves of the disks that it fills.
struct DiskReserve: Sendable {
    let places: [String]
    let minimum: ByteCount

    /// Throws as soon as too little is left, or when it is cancelled.
    func keep(_ action: String) async throws {
        while true {
            try check(action)
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    /// `coming` is what will be written to the first place, in bytes.
    func check(_ action: String, coming: Int64 = 0) throws(EngineError) {
        for (index, place) in places.enumerated() {
            guard let free = Self.free(at: place) else { continue }
            guard free.bytes - (index == 0 ? coming : 0) < minimum.bytes else { continue }
            let takes = coming > 0 ? "it takes \(ByteCount(bytes: coming).rounded), and " : "it was stopped, since "
            throw EngineError(
                .refused(status: nil), "cannot \(action): \(takes)only \(free.rounded) are free in '\(place)'",
                hint: "free space there, so that \(minimum.rounded) stay for the containers; it is tried again",
                disposition: .transient)
        }
    }

    /// Of the file system that `place` lies on, or will lie on; `nil` where that cannot be told.
    private static func free(at place: String) -> ByteCount? {
        var (path, status) = (place, statvfs())
        while statvfs(path.isEmpty ? "/" : path, &status) != 0 {
            guard errno == ENOENT, let slash = path.lastIndex(of: "/") else { return nil }
            path = String(path[..<slash])
        }
        return ByteCount(bytes: Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize)))
    }
}
