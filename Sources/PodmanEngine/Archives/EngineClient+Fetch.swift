internal import AsyncHTTPClient
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1
internal import Planning
internal import Processes

extension EngineClient {
    /// Writes the archive to `download`; returns the digest of what was written.
    func fetch(
        _ source: ArchiveSource, to download: Download, _ action: String,
        _ progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> ArchiveDigest {
        let (limit, idle) = (configuration.transferDeadline, configuration.idleDeadline)
        return try await Deadline.run(limit, idle: idle, action) { [self] activity in
            let sink = DownloadSink(download: download, activity: activity, progress: progress)
            switch source {
            case .https(let url): return try await fetch(url, into: sink, action)
            case .ssh(let location): return try await fetch(location, into: sink)
            case .file(let path): return try await reader("cat", path).stream { try await sink.drain($0, of: nil) }
            }
        }
    }

    private func fetch(_ url: String, into sink: DownloadSink, _ action: String) async throws -> ArchiveDigest {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "User-Agent", value: "fairlead")
        do {
            let response = try await transport.clients.engine.execute(request, deadline: .distantFuture)
            guard response.status == .ok else { throw Self.refused(response.status, action) }
            let total = response.headers.first(name: "Content-Length").flatMap { Int64($0) }
            return try await sink.drain(Pieces(body: response.body), of: total)
        } catch let error where !(error is EngineError) && !Task.isCancelled {
            // Not the engine is out of reach, but that server.
            throw EngineError(status: nil, said: ConnectionWords.reason(of: error), action)
        }
    }

    private static func refused(_ status: HTTPResponseStatus, _ action: String) -> EngineError {
        EngineError(
            .refused(status: Int(status.code)), "cannot \(action): the server answered with status \(status.code)",
            hint: "check the URL, and that this host may read it",
            disposition: status.code >= 500 || status.code == 429 ? .transient : .permanent)
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

/// The body of an answer in pieces of bytes.
private struct Pieces: AsyncSequence, Sendable {
    let body: HTTPClientResponse.Body

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: HTTPClientResponse.Body.AsyncIterator

        mutating func next() async throws -> [UInt8]? { try await base.next().map { Array($0.readableBytesView) } }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: body.makeAsyncIterator()) }
}
