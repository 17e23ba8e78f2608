public import Files
internal import Glibc
internal import HostSystem
public import Model
internal import Processes

/// Makes one version of a vendor's software ready for the vendor's storage: its files and its vanilla backup, signed.
public struct ReleasePack: Sendable {
    /// What was made.
    public struct Packed: Sendable {
        /// `DIRECTORY/releases/VERSION`.
        public let directory: String
        /// Bytes of each data directory, compressed.
        public let vanilla: [String: Int64]
        /// How many.
        public let files: Int
    }

    let version: String
    let key: String
    let partSize: Int64
    private let commandPath = HostConfiguration.standardCommandPath

    /// `key`: an SSH private key that signs. `partSize`: of one object of a vanilla backup.
    public init(version: String, key: String, partSize: ByteCount = ByteCount(bytes: 1 << 30)) {
        self.version = version
        self.key = key
        self.partSize = partSize.bytes
    }

    /// Packs directories and dumps for data directories (`vanilla`, by their names) and the tree `files` below `directory`;
    /// a version that is there already is an error.
    public func pack(
        vanilla: [String: String], files: String?, to directory: String
    ) async throws(HostError) -> Packed {
        let release = try VendorRelease(version, signers: [], commandPath: commandPath)
        let target = "\(directory)/releases/\(release.version)"
        guard try FileStatus.at(target).kind == .missing else {
            throw HostError(
                "'\(target)' is there already",
                hint: "a release is never changed: give it another version, or remove it")
        }
        let partial = "\(directory)/releases/.\(release.version).partial"
        try DirectoryContent.remove(partial)
        try PathName.createDirectories(partial)
        do throws(HostError) {
            let sizes = vanilla.isEmpty ? [:] : try await packVanilla(vanilla, to: "\(partial)/vanilla")
            var count = 0
            if let files { count = try await packFiles(files, to: "\(partial)/files") }
            guard rename(partial, target) == 0 else { throw HostError.failed("put '\(target)' in place") }
            return Packed(directory: target, vanilla: sizes, files: count)
        } catch {
            try? DirectoryContent.remove(partial)
            throw error
        }
    }

    private func packVanilla(
        _ sources: [String: String], to directory: String
    ) async throws(HostError) -> [String: Int64] {
        try PathName.createDirectories(directory)
        let script = "\(directory)/pack.bash"
        try AtomicFile.write(PackageResources.pack_bash, to: script)
        var manifest = VanillaManifest(version: version, volumes: [:])
        for (name, source) in sources.sorted(by: { $0.key < $1.key }) {
            guard PathName.isPlainName(name), let data = DataName(name) else {
                throw HostError("'\(name)' is not a name of a data directory")
            }
            let content: VolumeArchive.Content =
                try FileStatus.at(source, followingLinks: true).kind == .directory ? .files : .dump
            let stem = "\(name).\(content == .files ? "tar" : "dump").zst"
            try await run("/bin/bash", [script, source, "\(directory)/\(stem)", "\(partSize)"], "pack '\(source)'")
            var parts: [BackupPart] = []
            for part in try DirectoryContent.names(in: directory).filter({ $0.hasPrefix("\(stem).") }).sorted() {
                let path = "\(directory)/\(part)"
                let sum = try await FileDigest.sha256(of: path)
                guard let entry = EntryName(part) else { throw .unnamable(part) }
                parts.append(BackupPart(name: entry, bytes: try FileStatus.at(path).size, sha256: sum))
            }
            manifest.volumes[data] = VolumeArchive(content: content, isEncrypted: false, parts: parts)
        }
        try AtomicFile.remove(script)
        try await writeSigned(try manifest.encoded(), to: "\(directory)/\(BackupManifest.fileName)")
        return Dictionary(uniqueKeysWithValues: manifest.volumes.map { ($0.key.description, $0.value.bytes) })
    }

    private func packFiles(_ tree: String, to directory: String) async throws(HostError) -> Int {
        try await run("/bin/cp", ["-R", "--no-target-directory", "--", tree, directory], "copy '\(tree)'")
        let list = #"cd -- "$0" && find . ! -type d -printf '%y %P\0' | sort --zero-terminated"#
        let entries = try await run("/bin/bash", ["-c", list, directory], "list '\(tree)'").text
            .split(separator: "\0").map(String.init)
        let names = entries.map { String($0.dropFirst(2)) }
        for (entry, name) in zip(entries, names) {
            guard entry.first == "f", ReleaseSums.isName(name) else {
                throw HostError(
                    "'\(name)' cannot be one of the release's files",
                    hint: "plain files only, without line breaks, backslashes or '\(ReleaseSums.fileName)' as a name")
            }
        }
        guard !names.isEmpty else { throw HostError("'\(tree)' holds no file") }
        var sums = ReleaseSums(version: version, files: [:])
        for name in names { sums.files[name] = try await FileDigest.sha256(of: "\(directory)/\(name)").description }
        try await writeSigned(sums.bytes, to: "\(directory)/\(ReleaseSums.fileName)")
        return names.count
    }

    private func writeSigned(_ bytes: [UInt8], to path: String) async throws(HostError) {
        try AtomicFile.write(bytes, to: path)
        try await SSHSignature.make(for: path, key: key, namespace: VendorRelease.namespace, commandPath: commandPath)
    }

    @discardableResult
    private func run(
        _ program: String, _ arguments: [String], _ action: String
    ) async throws(HostError) -> CommandResult {
        do throws(CommandFailure) {
            return try await Command(program, arguments, deadline: .seconds(24 * 3600)).run()
        } catch {
            throw HostError("cannot \(action): \(error.tail.isEmpty ? "\(error)" : error.tail)")
        }
    }
}
