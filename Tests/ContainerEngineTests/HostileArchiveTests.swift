import ContainerEngine
import Foundation
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "Archives that are not what they seem",
    .enabled(if: EngineFixture.canRun && RegistryFixture.unavailable == nil))
struct HostileArchiveTests {
    private static let wrong = String(repeating: "0", count: 64)

    private func sum(of path: String) async throws -> String {
        String(try await Command("/usr/bin/sha256sum", [path]).run().text.prefix(64))
    }

    @Test(
        "M4: a FIFO, a device, a directory and a link are not opened as archives",
        arguments: ["fifo", "device", "directory", "link", "linked/image.tar"])
    func strange(kind: String) async throws {
        let scratch = try Scratch()
        let path = kind == "device" ? "/dev/null" : "\(scratch.path)/\(kind)"
        switch kind {
        case "fifo": #expect(mkfifo(path, 0o600) == 0)
        case "device": break
        case "directory": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        case "link": try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/shadow")
        default:
            let link = "\(scratch.path)/linked"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/etc")
        }
        try await EngineFixture.with(changing: EngineChange { $0.idleDeadline = .seconds(20) }) { fixture in
            let error = await engineError {
                try await fixture.engine.load(ImageArchive(url: "file://\(path)", sha256: Self.wrong)) { _ in }
            }
            let said = kind.hasPrefix("link") ? "there is a symbolic link in its path" : "it is no regular file"
            #expect(error?.message == "cannot load 'file://\(path)': \(said)")
            #expect(error?.disposition == .permanent)
            #expect(fixture.downloads.isEmpty)
        }
    }

    @Test("M5: what is loaded is what was compared with the plan, whatever becomes of the file meanwhile")
    func replaced() async throws {
        try await EngineFixture.with { fixture in
            let scratch = try Scratch()
            let path = "\(scratch.path)/image.tar"
            try await PodmanTestImage("1").writeArchive(to: path, names: ["localhost/\(fixture.sandbox.id):1"])
            let archive = ImageArchive(url: "file://\(path)", sha256: try await sum(of: path))
            let image = try await fixture.engine.load(archive) { text in
                guard text == "loading" else { return }
                try? Data("something else".utf8).write(to: URL(filePath: path))
            }
            #expect(try await fixture.engine.images().map(\.id) == [image.id])
            #expect(fixture.downloads.isEmpty)
        }
    }

    @Test("M4: a transfer is stopped before the disk is full, and what came of it goes", arguments: ["file", "https"])
    func fullDisk(way: String) async throws {
        let server = try await TLSFileServer.start()
        defer { server.stop() }
        let path = "\(server.scratch.path)/large.tar"
        try Data(count: 40 << 20).write(to: URL(filePath: path))
        let small = try Scratch()
        _ = try await Command("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=64m", "none", small.path]).run()
        defer { umount(small.path) }
        let change = EngineChange {
            $0.caFile = server.caFile
            $0.downloads = small.path
            $0.minimumFree = ByteCount(bytes: 40 << 20)
        }
        try await EngineFixture.with(changing: change) { fixture in
            let url = way == "file" ? "file://\(path)" : "https://localhost:\(server.port)/large.tar"
            let error = await engineError {
                try await fixture.engine.load(ImageArchive(url: url, sha256: Self.wrong)) { _ in }
            }
            let said = way == "file" ? "it takes 40 MiB, and only 64 MiB are free in" : "it was stopped, since only"
            #expect(error?.message.contains(said) == true, "\(error?.description ?? "")")
            #expect(error?.disposition == .transient)
            let left = try FileManager.default.contentsOfDirectory(atPath: small.path)
            #expect(left.isEmpty)
        }
    }

    @Test("M4: a pull is stopped while the disk of the images has too little free")
    func fullDiskPull() async throws {
        let change = EngineChange {
            $0.storage = "/"
            $0.minimumFree = ByteCount(bytes: 1 << 60)
        }
        try await RegistryFixture.with { registry in
            try await registry.push(PodmanTestImage("1"), repository: "acme/web", tag: "1")
            let reference = try #require(ImageReference("\(registry.address)/acme/web:1"))
            try await EngineFixture.with(insecureRegistries: [registry.address], changing: change) { fixture in
                let error = await engineError {
                    try await fixture.engine.pull(reference, credentials: nil) { _ in }
                }
                #expect(error?.message.contains("it was stopped, since only") == true, "\(error?.description ?? "")")
            }
        }
    }

    @Test(
        "M5: a server leads on only to https, and to where the host's policy lets archives come from",
        arguments: [
            ("http://localhost:1/a", ["https://localhost:PORT"], "leads on to what is no https"),
            ("file:///etc/shadow", ["https://localhost:PORT"], "leads on to what is no https"),
            (
                "https://127.0.0.1:1/a?key=canary", ["https://localhost:PORT"],
                "leads on, and image archive 'https://127.0.0.1:1' is not allowed"
            ),
            ("https://127.0.0.1:1/a", ["https://localhost:PORT", "https://127.0.0.1:1"], "connection refused"),
        ])
    func redirect(place: String, allowed: [String], text: String) async throws {
        let answer = "HTTP/1.1 302 Found\r\nLocation: \(place)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        let server = try await TLSFileServer.start(files: ["image.tar": answer], areAnswers: true)
        defer { server.stop() }
        let change = EngineChange {
            $0.caFile = server.caFile
            $0.policy.images.archives = allowed.map { $0.replacing("PORT", with: "\(server.port)") }
        }
        try await EngineFixture.with(changing: change) { fixture in
            let url = "https://localhost:\(server.port)/image.tar"
            let error = await engineError {
                try await fixture.engine.load(ImageArchive(url: url, sha256: Self.wrong)) { _ in }
            }
            #expect(error?.message.contains(text) == true, "\(error?.description ?? "")")
            #expect(error?.description.contains("canary") == false)
            if text.contains("not allowed") {
                #expect(error?.hint.contains("policy.images.archives") == true)
            }
        }
    }
}
