internal import Backup
internal import Files
internal import HostSystem
internal import Model

/// Where a backup drill works: a place of its own on the disk of the data directories, and one in memory for mounted
/// secrets. Nothing else looks there; nothing of it is kept.
struct DrillArea: Sendable {
    private let production: HostSystem
    /// `DATA-ROOT/.fairlead-drill`.
    private let directory: String
    private let runtimeDirectory: String
    /// The host with this area for its data and its secrets.
    let host: HostSystem

    init(of production: HostSystem) {
        self.production = production
        directory = "\(production.configuration.dataRoot)/.fairlead-drill"
        runtimeDirectory = "\(production.configuration.runtimeDirectory)/drill"
        var configuration = production.configuration
        configuration.dataRoot = "\(directory)/data"
        configuration.runtimeDirectory = runtimeDirectory
        configuration.requiresMountedDataRoot = false
        // The mark of the machine belongs to its real data.
        configuration.mark = nil
        host = HostSystem(configuration: configuration, engineProgram: production.engineProgram)
    }

    /// For the exported files of the commit.
    var trees: String { "\(directory)/trees" }

    /// Makes it, private and empty. A data root whose disk is not mounted is an error.
    func prepare() async throws(HostError) {
        try await clear()
        let data = production.dataDirectories(of: "drill")
        let area = host.configuration.dataRoot
        try await BlockingWork.run("prepare '\(directory)'") { () throws(HostError) in
            let obstacles: [HostError] = try data.obstacles(to: [])
            if let obstacle = obstacles.first { throw obstacle }
            try PathName.createDirectories(area)
        }
    }

    /// Whether a drill that was cut off left something.
    func isLeft() throws(HostError) -> Bool {
        if try FileStatus.at(directory).kind != .missing { return true }
        return try FileStatus.at(runtimeDirectory).kind != .missing
    }

    /// Removes all of it; no container may use it any more.
    func clear() async throws(HostError) {
        let restore = DataRestore(host: host) { Timestamp(milliseconds: 0) }
        for stack in try DirectoryContent.names(in: host.configuration.dataRoot) {
            // Ends what is still being unpacked.
            _ = try await restore.discardData(of: stack)
        }
        let (directory, runtimeDirectory) = (directory, runtimeDirectory)
        try await BlockingWork.run("remove '\(directory)'", deadline: .seconds(3600)) { () throws(HostError) in
            try DirectoryContent.remove(directory)
            try DirectoryContent.remove(runtimeDirectory)
        }
    }

    /// Ends `body`, with an error, when the services need the room on the disk more.
    func watchingSpace<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let watch = SpaceWatch(path: directory, minimum: host.configuration.minimumFreeSpace)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                guard let free = await watch.full() else { return nil }
                throw HostError(
                    "the drill was ended: \(free.rounded) are left on the disk of '\(directory)'",
                    hint: "free some space there, or enlarge it", disposition: .transient)
            }
            defer { group.cancelAll() }
            while let first = try await group.next() {
                if let value = first { return value }
            }
            throw CancellationError()
        }
    }
}
