import Foundation
import HostSystem
import Planning
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

    @Test("the boot id is that of the kernel, and stays")
    func boot() throws {
        let id = try BootIdentity.current()
        #expect(UUID(uuidString: id) != nil)
        #expect(try BootIdentity.current() == id)
    }
}
