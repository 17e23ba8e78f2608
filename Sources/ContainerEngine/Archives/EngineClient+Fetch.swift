internal import FoundationEssentials
internal import Model
internal import Processes

extension EngineClient {
    /// Writes the archive to `download`; returns the digest of what was written.
    func fetch(
        _ source: ArchiveSource, to download: Download, _ action: String,
        _ progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> ArchiveDigest {
        let (limit, idle) = (configuration.transferDeadline, configuration.idleDeadline)
        return try await Deadline.run(limit, idle: idle, reserve: configuration.reserve, action) { [self] activity in
            let sink = DownloadSink(
                download: download, activity: activity, reserve: configuration.reserve, action: action,
                progress: progress)
            switch source {
            case .https(let url):
                return try await WebDownload(configuration: configuration, action: action).fetch(url, into: sink)
            case .ssh(let location): return try await fetch(location, into: sink)
            case .file(let path): return try await copy(path, into: sink, action)
            }
        }
    }

    /// Read once: what is compared with the plan is what is loaded, whatever becomes of the file meanwhile.
    private func copy(_ path: String, into sink: DownloadSink, _ action: String) async throws -> ArchiveDigest {
        let file = try LocalArchive(path, action)
        guard !sink.download.clone(file) else {
            let copy = try LocalArchive(sink.download.path, isOwn: true, action)
            return try await sink.drain(FilePieces(archive: copy), of: copy.size, kept: true)
        }
        try configuration.reserve.check(action, coming: file.size)
        let digest = try await sink.drain(FilePieces(archive: file), of: file.size)
        guard digest.count == file.size else {
            throw EngineError(
                .refused(status: nil), "cannot \(action): it became shorter while it was read",
                hint: "wait until it is complete; it is tried again", disposition: .transient)
        }
        return digest
    }

    /// Asks nobody: a missing key or an unknown host is an error, not a question.
    private func fetch(_ location: SSHLocation, into sink: DownloadSink) async throws -> ArchiveDigest {
        guard let ssh = Command.find("ssh") else { throw missing("openssh-client") }
        let directory = configuration.sshDirectory
        var arguments = [
            "-T", "-F",
            FileManager.default.fileExists(atPath: "\(directory)/config") ? "\(directory)/config" : "/dev/null",
        ]
        for option in [
            "BatchMode=yes", "StrictHostKeyChecking=yes", "UserKnownHostsFile=\(directory)/known_hosts",
            "ConnectTimeout=20", "ServerAliveInterval=15", "ServerAliveCountMax=4", "IdentitiesOnly=yes",
        ] { arguments += ["-o", option] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory))?.sorted() ?? []
        for name in names where name.hasPrefix("id_") && !name.hasSuffix(".pub") {
            arguments += ["-i", "\(directory)/\(name)"]
        }
        if let user = location.user { arguments += ["-l", user] }
        if let port = location.port { arguments += ["-p", "\(port)"] }
        arguments += ["--", location.host, location.command]
        return try await Command(ssh, arguments, deadline: configuration.transferDeadline)
            .stream { try await sink.drain($0, of: nil) }
    }
}
