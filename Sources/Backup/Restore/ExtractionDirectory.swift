internal import Files
internal import Glibc
internal import Model

/// Where an extraction brings its data: a directory that was new or empty.
struct ExtractionDirectory: Sendable {
    let path: String
    /// It was made for this.
    let isNew: Bool

    /// Holds what is not whole yet.
    var scratch: String { "\(path)/\(Self.scratchName)" }
    private static let scratchName = ".fairlead-restore"

    /// Refuses one that holds something, and one in `forbidden`, where data of the stack lies.
    static func prepare(
        _ directory: String, outside forbidden: String
    ) async throws(HostError) -> ExtractionDirectory {
        try await BlockingWork.run("prepare '\(directory)'", deadline: .seconds(3600)) { () throws(HostError) in
            let isNew = try FileStatus.at(directory, followingLinks: true).kind == .missing
            let path = isNew ? try newPath(directory) : try RealPath.of(directory)
            if let forbidden = try? RealPath.of(forbidden), "\(path)/".hasPrefix("\(forbidden)/") {
                throw HostError(
                    "'\(directory)' lies in '\(forbidden)', where the stack's own data is",
                    hint: "name another directory; a deployment restores what is missing there by itself")
            }
            let place = ExtractionDirectory(path: path, isNew: isNew)
            if isNew {
                guard mkdir(path, 0o700) == 0 else { throw HostError.failed("create '\(path)'") }
            } else {
                try place.checkEmpty()
            }
            try place.clearScratch()
            try PathName.createDirectories(place.scratch)
            return place
        }
    }

    private static func newPath(_ directory: String) throws(HostError) -> String {
        let plain = directory.count > 1 && directory.last == "/" ? String(directory.dropLast()) : directory
        guard try FileStatus.at(PathName.directory(of: plain), followingLinks: true).kind == .directory else {
            throw HostError(
                "cannot create '\(directory)': '\(PathName.directory(of: plain))' is no directory",
                hint: "create it first, or name a directory in one that exists")
        }
        return "\(try RealPath.of(PathName.directory(of: plain)))/\(PathName.name(of: plain))"
            .replacing(/^\/\//, with: "/")
    }

    private func checkEmpty() throws(HostError) {
        guard try FileStatus.at(path).kind == .directory else {
            throw HostError("'\(path)' is no directory", hint: "name a new or an empty one")
        }
        guard try DirectoryContent.names(in: path).contains(where: { $0 != Self.scratchName }) else { return }
        throw HostError(
            "'\(path)' is not empty, and nothing that is there is overwritten",
            hint: "name a new or an empty directory")
    }

    /// Puts what was fetched in place.
    func take(_ fetched: [StagedData]) async throws(HostError) -> [BackupExtraction.Item] {
        try await BlockingWork.run("put the data in place", deadline: .seconds(3600)) { () throws(HostError) in
            var items: [BackupExtraction.Item] = []
            for staged in fetched {
                if let item = try take(staged) { items.append(item) }
            }
            try clearScratch()
            try Descriptor(path, O_RDONLY | O_DIRECTORY).sync()
            return items
        }
    }

    private func take(_ staged: StagedData) throws(HostError) -> BackupExtraction.Item? {
        guard let origin = staged.origin(), case .run(let run, let host, let storage) = origin.source
        else { return nil }
        let isDump = origin.archive.content == .dump
        let target = "\(path)/\(staged.name)\(isDump ? ".dump" : "")"
        // Another data directory can be called 'NAME.dump'.
        guard try FileStatus.at(target).kind == .missing else {
            throw HostError("'\(target)' is there already", hint: "bring one of the two with --volume")
        }
        guard rename(isDump ? staged.dump : staged.files, target) == 0 else {
            throw HostError.failed("put '\(target)' in place")
        }
        return BackupExtraction.Item(
            name: staged.name, path: target, run: run, host: host, target: storage, archive: origin.archive)
    }

    /// Leaves what was there before.
    func remove() async {
        try? await BlockingWork.run("remove what was fetched", deadline: .seconds(3600)) { () throws(HostError) in
            try clearScratch()
            try DirectoryContent.remove(in: path)
            if isNew { try DirectoryContent.remove(path) }
        }
    }

    /// What a killed one left may still be written to.
    private func clearScratch() throws(HostError) {
        for stack in try DirectoryContent.names(in: scratch) {
            let directory = "\(scratch)/\(stack)"
            for entry in try DirectoryContent.names(in: directory) {
                try StagedData(named: entry, in: directory)?.remove()
            }
        }
        try DirectoryContent.remove(scratch)
    }
}
