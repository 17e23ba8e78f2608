import ContainerEngine
import Foundation
import Model
import Processes
import TestSupport
import Testing

@Suite("Loading an archive", .enabled(if: EngineFixture.canRun))
struct ArchiveTests {
    /// An archive of `image` in `directory`, compressed with `program`; its path and sha256.
    private func archive(
        _ name: String, with program: String? = nil, in directory: String
    ) async throws -> (path: String, sha256: String) {
        var path = "\(directory)/image.tar"
        try await PodmanTestImage("1").writeArchive(to: path, names: [name])
        if let program {
            _ = try await Command("/usr/bin/env", [program, "-q", path]).run()
            path = try #require(
                try FileManager.default.contentsOfDirectory(atPath: directory).map { "\(directory)/\($0)" }
                    .first { $0.hasPrefix(path + ".") })
        }
        let sum = try await Command("/usr/bin/sha256sum", [path]).run().text
        return (path, String(sum.prefix(64)))
    }

    @Test("of this host works plain, with gzip and with zstd", arguments: [nil, "gzip", "zstd"])
    func compressions(program: String?) async throws {
        try await EngineFixture.with { fixture in
            let scratch = try Scratch()
            let name = "localhost/\(fixture.sandbox.id):1"
            let file = try await archive(name, with: program, in: scratch.path)
            let image = try await fixture.engine.load(
                ImageArchive(url: "file://\(file.path)", sha256: file.sha256)
            ) { _ in }
            #expect(image.names == [name])
            #expect(image.digest == nil)
            #expect(try await fixture.engine.images().map(\.id) == [image.id])
            #expect(FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test("with another digest than the plan's, of a missing file or with other content is refused")
    func refused() async throws {
        try await EngineFixture.with { fixture in
            let scratch = try Scratch()
            let file = try await archive("localhost/a:1", in: scratch.path)
            let wrong = String(repeating: "0", count: 64)
            let error = await engineError {
                try await fixture.engine.load(ImageArchive(url: "file://\(file.path)", sha256: wrong)) { _ in }
            }
            #expect(error?.message.contains("its sha256 is not '\(wrong)'") == true)
            #expect(error?.description.contains(file.sha256) == false, "M5: it is no way to learn of root's files")
            #expect(error?.disposition == .permanent)
            let missing = await engineError {
                try await fixture.engine.load(ImageArchive(url: "file:///nowhere/a.tar", sha256: wrong)) { _ in }
            }
            #expect(missing?.message == "cannot load 'file:///nowhere/a.tar': there is no such file")
            let junk = try scratch.write("no archive", to: "junk")
            let sum = try await Command("/usr/bin/sha256sum", [junk]).run().text.prefix(64)
            let other = await engineError {
                try await fixture.engine.load(ImageArchive(url: "file://\(junk)", sha256: String(sum))) { _ in }
            }
            #expect(other?.message.contains("does not match any of the supported image formats") == true)
            for url in ["http://example.com/a", "ftp://x/y", "ssh://-oProxyCommand=x/y", "file://relative"] {
                let error = await engineError {
                    try await fixture.engine.load(ImageArchive(url: url, sha256: wrong)) { _ in }
                }
                #expect(error?.message.contains("not the URL of an archive") == true)
            }
            #expect(try await fixture.engine.images().isEmpty)
        }
    }

    @Test("by https trusts the configured CA only, and leaves no download behind (S10)")
    func https() async throws {
        let server = try await TLSFileServer.start()
        defer { server.stop() }
        let file = try await archive("localhost/a:1", with: "zstd", in: server.scratch.path)
        let url = "https://user:canary@localhost:\(server.port)/image.tar.zst"
        try await EngineFixture.with(changing: EngineChange { $0.caFile = server.caFile }) { fixture in
            let heard = Heard()
            let image = try await fixture.engine.load(ImageArchive(url: url, sha256: file.sha256)) { heard.add($0) }
            #expect(try await fixture.engine.images().map(\.id) == [image.id])
            #expect(heard.all.contains { $0.hasPrefix("downloaded ") })
            let wrong = String(repeating: "0", count: 64)
            let error = await engineError {
                try await fixture.engine.load(ImageArchive(url: url + "?token=canary", sha256: wrong)) { _ in }
            }
            #expect(error?.message.hasPrefix("cannot load 'https://localhost:") == true)
            #expect(error?.description.contains("canary") == false)
            #expect(fixture.downloads.isEmpty)
        }
        try await EngineFixture.with { fixture in
            let error = await engineError {
                try await fixture.engine.load(ImageArchive(url: url, sha256: file.sha256)) { _ in }
            }
            #expect(error?.message.lowercased().contains("certificate") == true, "\(error?.description ?? "")")
            #expect(fixture.downloads.isEmpty)
        }
    }

    @Test("that does not fit on the disk says so, and frees it again")
    func diskFull() async throws {
        let server = try await TLSFileServer.start()
        defer { server.stop() }
        let file = try await archive("localhost/a:1", in: server.scratch.path)
        let small = try Scratch()
        _ = try await Command("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=512k", "none", small.path]).run()
        defer { umount(small.path) }
        let change = EngineChange {
            $0.caFile = server.caFile
            $0.downloads = small.path
        }
        try await EngineFixture.with(changing: change) { fixture in
            let error = await engineError {
                let url = "https://localhost:\(server.port)/image.tar"
                return try await fixture.engine.load(ImageArchive(url: url, sha256: file.sha256)) { _ in }
            }
            #expect(error?.message.hasSuffix("no space left on device") == true)
            #expect(error?.hint.contains("free space") == true)
            let left = try FileManager.default.contentsOfDirectory(atPath: small.path)
            #expect(left.isEmpty)
        }
    }

    @Test("from a server that is down, lacks it or is silent may be tried again where that helps")
    func unreachable() async throws {
        let server = try await TLSFileServer.start()
        defer { server.stop() }
        let silent = try SilentServer()
        let change = EngineChange {
            $0.caFile = server.caFile
            $0.idleDeadline = .seconds(1)
        }
        let sha256 = String(repeating: "0", count: 64)
        try await EngineFixture.with(changing: change) { fixture in
            func load(_ port: UInt16) async -> EngineError? {
                await engineError {
                    let url = "https://localhost:\(port)/nothing.tar"
                    return try await fixture.engine.load(ImageArchive(url: url, sha256: sha256)) { _ in }
                }
            }
            let down = await load(try LoopbackPort.free())
            #expect(down?.message.contains("connection refused") == true)
            #expect(down?.disposition == .transient)
            #expect(await load(silent.port)?.disposition == .transient)
            #expect(fixture.downloads.isEmpty)
        }
    }

    @Test("by ssh uses the keys of its directory, and an unknown host or key is an error with what to do (S10)")
    func ssh() async throws {
        let server = try await SSHServer.start()
        defer { server.stop() }
        let file = try await archive("localhost/a:1", with: "gzip", in: server.scratch.path)
        let url = "ssh://root@127.0.0.1:\(server.port)\(file.path)"
        let archive = ImageArchive(url: url, sha256: file.sha256)
        try await EngineFixture.with(changing: EngineChange { $0.sshDirectory = server.clientDirectory }) { fixture in
            let image = try await fixture.engine.load(archive) { _ in }
            #expect(try await fixture.engine.images().map(\.id) == [image.id])
            let missing = ImageArchive(url: url + "x", sha256: file.sha256)
            let error = await engineError { try await fixture.engine.load(missing) { _ in } }
            #expect(error?.message.contains("No such file") == true, "\(error?.description ?? "")")
            #expect(fixture.downloads.isEmpty)
            try FileManager.default.removeItem(atPath: server.clientDirectory + "/known_hosts")
            let unknown = await engineError { try await fixture.engine.load(archive) { _ in } }
            #expect(unknown?.hint.contains("known_hosts") == true, "\(unknown?.description ?? "")")
        }
    }
}

extension EngineFixture {
    /// Files that a download left.
    var downloads: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: sandbox.root + "/fairlead-downloads")) ?? []
    }
}
