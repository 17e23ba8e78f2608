import Files
import Foundation
import HostSupport
import HostSystem
import Model
import TestSupport
import Testing

@Suite("Stable storage")
struct StorageTests {
    @Test("the engine's storage and the state directory are synced")
    func synced() async throws {
        let fixture = try HostFixture()
        try fixture.scratch.write("x", to: "state/journal")
        try await fixture.host.syncEngineStorage()
    }

    @Test("storage that is not where the configuration says is an error that names it")
    func missing() async throws {
        var fixture = try HostFixture()
        fixture.configuration.engineStorage = [fixture.scratch.path + "/nowhere"]
        let host = fixture.host
        let error = await #expect(throws: HostError.self) { try await host.syncEngineStorage() }
        #expect(error?.message.contains("/nowhere'") == true)
    }

    @Test("a file is replaced as a whole, with its mode whatever the umask")
    func replaced() throws {
        let scratch = try Scratch()
        let path = try scratch.write("old", to: "file")
        try AtomicFile.write(Array("new".utf8), to: path, mode: FileMode(bits: 0o666))
        #expect(try content(path) == "new" && mode(path) == 0o666)
        try AtomicFile.write([], to: path)
        #expect(try content(path).isEmpty && mode(path) == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["file"])
    }

    @Test("a file is made once: the second maker is told, and changes nothing")
    func made() throws {
        let scratch = try Scratch()
        let path = scratch.path + "/file"
        #expect(try AtomicFile.create(Array("first".utf8), at: path))
        #expect(try !AtomicFile.create(Array("second".utf8), at: path))
        #expect(try content(path) == "first")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["file"])
    }

    @Test("a file cannot be written where there is no directory")
    func noDirectory() throws {
        #expect(throws: HostError.self) { try AtomicFile.write([1], to: "/nonexistent/file") }
    }

    @Test("a boot is told by the kernel's id and a mark in memory: without its mark the host has booted")
    func boot() throws {
        let scratch = try Scratch()
        let memory = "\(scratch.path)/run/fairlead"
        let id = try BootIdentity.current(runtimeDirectory: memory)
        #expect(id.split(separator: "/").compactMap { UUID(uuidString: String($0)) }.count == 2)
        #expect(try BootIdentity.current(runtimeDirectory: memory) == id)
        try FileManager.default.removeItem(atPath: "\(scratch.path)/run")
        let next = try BootIdentity.current(runtimeDirectory: memory)
        #expect(next != id && next.split(separator: "/").first == id.split(separator: "/").first)
    }

    @Test("what lies in place of the mark and is no file is an error, not another boot with each look")
    func noMark() throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/boot", withIntermediateDirectories: true)
        #expect(throws: HostError.self) { try BootIdentity.current(runtimeDirectory: scratch.path) }
    }
}
