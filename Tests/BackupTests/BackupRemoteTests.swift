import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

/// J4: stores that other servers keep.
@Suite(.enabled(if: RcloneServer.isInstalled))
struct BackupRemoteTests {
    let host: HostFixture

    init() throws { host = try HostFixture() }

    @Test("a store behind a password works, whether its server tells hashes or not")
    func passwords() async throws {
        let webdav = try await RcloneServer(.webdav)
        let sftp = try await RcloneServer(.sftp)
        for (server, options) in [(webdav, webdav.webdav), (sftp, sftp.sftp)] {
            let store = try await rcloneStore(options, path: "", of: host)
            try await expectStoreWorks(store, of: host)
            try await store.remove("acme/R1")
            try await store.remove("acme/R2")
            #expect(try await store.entries(in: "acme") == [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(server.directory)/acme") == [])
        }
    }

    @Test("a private key of sftp is taken as it is in its file, and in the one line that rclone wants")
    func privateKey() async throws {
        let key = try SSHTestKey()
        let server = try await RcloneServer(.sftp, authorizedKey: key.line)
        let file = String(decoding: try bytes(key.path), as: UTF8.self)
        for (name, text) in [("file", file), ("line", file.replacing("\n", with: #"\n"#))] {
            var options = server.sftp
            options["pass"] = nil
            options["key_pem"] = text
            try await expectStoreWorks(try await rcloneStore(options, path: name, of: host), of: host)
        }
    }

    @Test("an upload to a server that stops reading is given up and leaves nothing under its name; later it works")
    func stalled() async throws {
        let server = try await RcloneServer(.webdav)
        let limit = ByteCount(bytes: 2_000_000)
        var store = try await rcloneStore(server.webdav, path: "acme", of: host, bandwidth: limit)
        store.stallLimit = .seconds(2)
        let file = try host.file(bytes: 30_000_000)
        let error = await #expect(throws: HostError.self) {
            try await store.put(file: file, as: "R1/data") { if $0 > 0 { server.suspend() } }
        }
        #expect(error?.message.contains("nothing was sent for 2.0 seconds") == true)
        #expect(error?.disposition == .transient)
        server.resume()
        #expect(try await store.entries(in: "R1") == [])
        let again = try await rcloneStore(server.webdav, path: "acme", of: host)
        try await again.put(file: file, as: "R1/data")
        #expect(try await again.content(of: "R1/data", limit: 30_000_000) == bytes(file))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(server.directory)/acme/R1") == ["data"])
    }

    @Test("an upload that is interrupted leaves what was there, and tells how far it is")
    func interrupted() async throws {
        let server = try await RcloneServer(.sftp)
        let store = try await rcloneStore(
            server.sftp, path: "acme", of: host, bandwidth: ByteCount(bytes: 2_000_000))
        let old = try host.file(bytes: 1000, named: "old")
        try await store.put(file: old, as: "R1/data")
        let file = try host.file(bytes: 60_000_000)
        let (seen, told) = AsyncStream<Int64>.makeStream()
        let upload = Task {
            defer { told.finish() }
            try await store.put(file: file, as: "R1/data") { told.yield($0) }
        }
        for await bytes in seen where bytes > 0 { break }
        upload.cancel()
        await #expect(throws: HostError.self) { try await upload.value }
        #expect(try await store.content(of: "R1/data", limit: 1000) == bytes(old))
        #expect(try await store.entries(in: "R1").map(\.name) == ["data"])
    }

    @Test("what arrived damaged is found, and does not take the place of what was there")
    func damaged() async throws {
        var host = host
        // The directory is a disk that turns over one byte of what is written.
        let rclone = try #require(Command.find("rclone"))
        let script = """
            #!/bin/bash
            "\(rclone)" "$@" || exit
            [ "$1" != copyto ] || [ ! -e "\(host.scratch.path)/bad" ] ||
                printf X | dd of="\(host.scratch.path)/target/R1/.data.partial" bs=1 seek=70000 conv=notrunc status=none
            """
        try host.scratch.install(script, to: "bin/rclone")
        host.configuration.commandPath = "\(host.scratch.path)/bin:" + host.configuration.commandPath
        let store = try await directoryStore("\(host.scratch.path)/target", of: host)
        let file = try host.scratch.write(String(repeating: "a", count: 100_000), to: "upload")
        try await store.put(file: file, as: "R1/data")
        try host.scratch.write("", to: "bad")
        let error = await #expect(throws: HostError.self) { try await store.put(file: file, as: "R1/data") }
        #expect(error?.message.hasPrefix("'R1/data' did not arrive whole on backup target 'nas': it differs") == true)
        #expect(error?.disposition == .transient)
        #expect(try content("\(host.scratch.path)/target/R1/data") == content(file))
        #expect(try await store.entries(in: "R1").map(\.name) == ["data"])
    }

    @Test("who cannot log in, and who does not answer, are told apart; no password is told")
    func failures() async throws {
        let webdav = try await RcloneServer(.webdav)
        let sftp = try await RcloneServer(.sftp)
        for options in [webdav.webdav, sftp.sftp] {
            let store = try await rcloneStore(options.merging(["pass": "canary-wrong"]) { $1 }, path: "", of: host)
            let refused = await #expect(throws: HostError.self) { try await store.check() }
            #expect(refused?.hint == "correct the target's user and the secret of its password")
            #expect(refused?.disposition == .permanent)
            #expect("\(String(describing: refused)) \(store) \(String(reflecting: store))".contains("canary") == false)
            let port = try LoopbackPort.free()
            let nobody = try await rcloneStore(
                options.merging(
                    ["port": "\(port)", "url": "http://127.0.0.1:\(port)"].filter { options[$0.key] != nil }
                ) {
                    $1
                }, path: "", of: host)
            let unreachable = await #expect(throws: HostError.self) { try await nobody.check() }
            #expect(unreachable?.message.contains("connection refused") == true)
            #expect(unreachable?.disposition == .transient)
        }
    }

    @Test("an option, a type, a secret or a program that is missing is named")
    func configuration() async throws {
        let typo = await #expect(throws: HostError.self) {
            try await rcloneStore(["type": "s3", "acces_key_id": "x"], path: "b", of: host)
        }
        #expect(typo?.hint == "did you mean 'access_key_id'?")
        let type = await #expect(throws: HostError.self) { try await rcloneStore(["type": "s4"], path: "b", of: host) }
        #expect(type?.message == "rclone knows no type 's4' of backup target 'offsite'")
        let target = BackupTarget(
            store: .rclone(
                options: ["type": SecretText(source: "smb"), "pass": SecretText(source: "${secret:NAS}")], path: "b"))
        let secret = await #expect(throws: HostError.self) {
            try await BackupStore(
                name: "nas", target: target, secrets: Secrets(), configuration: host.configuration)
        }
        #expect(secret?.message.hasPrefix("the secret 'NAS' that 'pass' of backup target 'nas' refers to") == true)
        var bare = host
        bare.configuration.commandPath = host.scratch.path
        let program = await #expect(throws: HostError.self) { try await directoryStore("/nowhere", of: bare) }
        #expect(program?.hint == "install it: apt-get install rclone")
    }

    @Test("a directory of files is copied from store to store; a second time nothing is")
    func copying() async throws {
        let server = try await RcloneServer(.webdav)
        let vendor = try await directoryStore("\(host.scratch.path)/vendor", of: host)
        let own = try await rcloneStore(server.webdav, path: "", of: host)
        try host.scratch.write("one", to: "vendor/releases/1.0/files/a")
        try host.scratch.write("two", to: "vendor/releases/1.0/files/sub/b")
        for _ in 1...2 {
            try await own.copy(from: vendor, "releases/1.0", as: "vendor/1.0")
            #expect(try content("\(server.directory)/vendor/1.0/files/sub/b") == "two")
        }
        let before = attributes("\(server.directory)/vendor/1.0/files/a")
        try await own.copy(from: vendor, "releases/1.0", as: "vendor/1.0")
        #expect(attributes("\(server.directory)/vendor/1.0/files/a") == before)
        let error = await #expect(throws: HostError.self) {
            try await own.copy(from: vendor, "releases/2.0", as: "vendor/2.0")
        }
        #expect(error?.message.hasSuffix("nothing is there") == true)
    }
}
