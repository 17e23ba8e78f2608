import Model
import Testing

@testable import Commands

@Suite("What doctor says of the engine")
struct EngineCheckTests {
    private static let settings = VSNConfiguration.Engine(
        socket: "/run/engine.sock", environment: [:], storage: "/var/lib/containers/storage", parallelism: 1)

    @Test(
        "a version that is too old, or none, is told of",
        arguments: [
            ("4.3", true), ("4.3.1", true), ("5.0.0-dev", true), ("4.2.9", false), ("3.9", false), ("4", false),
        ])
    func versions(version: String, isTested: Bool) {
        let check = EngineChecks.check(EngineVersion(product: .podman, version: version), Self.settings)
        #expect(check.found == "podman \(version) at '/run/engine.sock'")
        #expect(check.status == (isTested ? .ok : .warn))
        #expect(check.advice == (isTested ? [] : ["4.3 or later is what Fairlead is tested with"]))
    }

    @Test("the storage of an engine other than the one that answers is told of, with the right place")
    func storage() {
        var settings = Self.settings
        let docker = EngineVersion(product: .docker, version: "20.10.24")
        let check = EngineChecks.check(docker, settings)
        #expect(check.status == .warn)
        #expect(check.advice == ["set 'engine.storage' to where Docker keeps its images: /var/lib/docker"])
        settings.storage = "/var/lib/docker"
        #expect(EngineChecks.check(docker, settings).status == .ok)
    }
}
