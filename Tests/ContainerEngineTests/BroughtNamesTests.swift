import Foundation
import Model
import Processes
import TestSupport
import Testing

@testable import ContainerEngine

@Suite("M5: the names of an archive")
struct BroughtNamesTests {
    private static let owners = [
        "docker.io/library/postgres:16": "sha256:old", "localhost/acme/web:1": "sha256:mine",
        "localhost/acme/base:1": "sha256:old",
    ]

    private func names(_ names: [String]) -> BroughtNames {
        BroughtNames(owners: Self.owners, loaded: [StoredImage(id: "sha256:mine", names: names)])
    }

    @Test("a name of another image goes back to it, in a registry or on this host")
    func back() {
        let found = names(["docker.io/library/postgres:16", "localhost/acme/base:1", "localhost/acme/web:1"])
        #expect(
            found.back == ["docker.io/library/postgres:16": "sha256:old", "localhost/acme/base:1": "sha256:old"])
        #expect(found.forged.isEmpty && found.nameless.isEmpty)
    }

    @Test("a name that nobody had stays when it says that it is this host's; those of registries and builds go")
    func forged() {
        let found = names([
            "localhost/acme/new:1", "quay.io/acme/new:1", "localhost/fairlead/acme-web:0123456789abcdef",
        ])
        #expect(found.forged == ["localhost/fairlead/acme-web:0123456789abcdef", "quay.io/acme/new:1"])
        #expect(found.back.isEmpty && found.nameless.isEmpty)
    }

    @Test(
        "an image that no name is left of gets one", arguments: [[], ["quay.io/acme/new:1"], ["localhost/acme/base:1"]])
    func nameless(given: [String]) { #expect(names(given).nameless == ["sha256:mine"]) }
}

@Suite("M5: an archive takes no other image's place", .enabled(if: EngineFixture.canRun))
struct CheckedLoadTests {
    private func archive(_ version: String, _ names: [String], in scratch: Scratch) async throws -> ImageArchive {
        let path = "\(scratch.path)/\(version).tar"
        try await PodmanTestImage(version).writeArchive(to: path, names: names)
        let sum = try await Command("/usr/bin/sha256sum", [path]).run().text.prefix(64)
        return ImageArchive(url: "file://\(path)", sha256: String(sum))
    }

    @Test("another image keeps its name, and none passes for a registry's")
    func names() async throws {
        try await EngineFixture.with { fixture in
            let scratch = try Scratch()
            let base = "docker.io/acme/base:1"
            let owner = try await fixture.sandbox.load(PodmanTestImage("1"), as: base)
            let hostile = try await archive("2", [base, "quay.io/acme/new:1"], in: scratch)
            let image = try await fixture.engine.load(hostile) { _ in }
            #expect(image.names.count == 1)
            #expect(image.names.first?.hasPrefix("localhost/fairlead/archive:") == true)
            let images = try await fixture.engine.images()
            #expect(Set(images.flatMap(\.names)) == [base, image.names.first ?? ""])
            #expect(images.first { $0.names == [base] }?.id.hasSuffix(owner.suffix(64)) == true)
            #expect(images.first { $0.names == [base] }?.id != image.id)
            let again = try await fixture.engine.load(hostile) { _ in }
            #expect(again.id == image.id)
        }
    }

    @Test("what a load that was cut off left with other images goes back with the next one")
    func cutOff() async throws {
        try await EngineFixture.with { fixture in
            let scratch = try Scratch()
            let owner = try await fixture.sandbox.load(PodmanTestImage("1"), as: "localhost/acme/base:1")
            let engine = fixture.engine
            let owners = BroughtNames.owners(try await engine.images())
            let memory = "\(engine.configuration.downloads).names"
            try JSONEncoder().encode(owners).write(to: URL(filePath: memory))
            _ = try await fixture.sandbox.load(PodmanTestImage("2"), as: "localhost/acme/base:1")
            _ = try await engine.load(try await archive("3", ["localhost/acme/three:1"], in: scratch)) { _ in }
            let images = try await engine.images()
            #expect(images.first { $0.names.contains("localhost/acme/base:1") }?.id.hasSuffix(owner.suffix(64)) == true)
            #expect(!FileManager.default.fileExists(atPath: memory))
        }
    }
}
