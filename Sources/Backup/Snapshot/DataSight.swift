public import Files
internal import Glibc
public import HostSystem
internal import Model

/// Whether what lies beside the data of a stack can be seen at all: what is behind an obstacle is not lost.
public struct DataSight: Sendable {
    private let root: String
    private let stackDirectory: String

    public init(of stack: String, on host: HostSystem) {
        root = host.configuration.dataRoot
        stackDirectory = host.dataDirectories(of: stack).stackDirectory
    }

    /// Throws what lies in the way of the copies of the data of a stack that has some.
    public func checkCopies() async throws(HostError) {
        let (root, stackDirectory) = (root, stackDirectory)
        try await BlockingWork.run("look for copies of the data") { () throws(HostError) in
            try Self.check(root, followingLinks: true, isExpected: true)
            try Self.check(stackDirectory, followingLinks: false, isExpected: true)
            try Self.check("\(stackDirectory)/\(SnapshotPlace.directoryName)", followingLinks: true, isExpected: false)
        }
    }

    /// Whether there is a place of copies, which are elsewhere where the disk that holds them is not mounted.
    public func seesCopies() async throws(HostError) -> Bool {
        let place = "\(stackDirectory)/\(SnapshotPlace.directoryName)"
        return try await BlockingWork.run("look for copies of the data") { () throws(HostError) in
            try SnapshotPlace.exists(place)
        }
    }

    /// Throws where copies that were there, and are not seen, can be elsewhere: an empty place of copies is what the mount
    /// point of their disk is without it, and a missing one what that of the stack's directory is.
    public func checkLoss() async throws(HostError) {
        try await checkCopies()
        let place = "\(stackDirectory)/\(SnapshotPlace.directoryName)"
        try await BlockingWork.run("look for copies of the data") { () throws(HostError) in
            guard try DirectoryContent.names(in: place).isEmpty else { return }
            throw HostError(
                "cannot look for copies of the data: '\(place)' is \(try SnapshotPlace.exists(place) ? "empty" : "missing")",
                hint: "mount the disk that they are on, or move them back", disposition: .transient)
        }
    }

    private static func check(_ path: String, followingLinks: Bool, isExpected: Bool) throws(HostError) {
        let task = "cannot look for copies of the data"
        var kind = try FileStatus.at(path).kind
        if kind == .symlink, followingLinks {
            // A link to itself leads nowhere either.
            let led = (try? FileStatus.at(path, followingLinks: true))?.kind ?? .missing
            guard led != .missing else {
                throw HostError(
                    "\(task): '\(path)' links to what is not there",
                    hint: "mount the disk that it leads to, or remove the link and bring the directory back")
            }
            kind = led
        }
        switch kind {
        case .directory: return
        case .missing:
            guard isExpected else { return }
            throw HostError(
                "\(task): '\(path)' is missing", hint: "mount the disk that it is on, or move it back")
        case .symlink, .file, .other:
            throw HostError(
                "\(task): '\(path)' is \(kind.words), but has to be a directory",
                hint: kind == .symlink
                    ? "remove the link and bring the directory back, or mount there what it leads to ('mount --bind')"
                    : "move it away and bring the directory back")
        }
    }
}
