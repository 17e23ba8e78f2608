import Foundation
import Model
import TestSupport
import Testing

@testable import Commands

@Suite("Doctor looks at what a reboot would do")
struct RebootCheckTests {
    private let scratch: Scratch
    private let podman = EngineVersion(product: .podman, version: "4.3.1")

    init() throws {
        scratch = try Scratch()
        try scratch.write("", to: "run/systemd/system/unit")
    }

    @Test("Podman 4 under systemd without the drop-ins is a warning that says how to install them")
    func missing() throws {
        let drop = "etc/systemd/system/libpod-.scope.d/fairlead.conf"
        try scratch.write("", to: drop)
        let check = try #require(RebootCheck(engine: podman, root: scratch.path).checks.first)
        #expect(check.status == .warn)
        #expect(check.found.contains("podman-restart.service.d/fairlead.conf"))
        #expect(check.advice.joined().contains("daemon-reload"))
        // Where the package has it.
        try scratch.write("", to: "usr/lib/systemd/system/podman-restart.service.d/fairlead.conf")
        #expect(RebootCheck(engine: podman, root: scratch.path).checks.first?.status == .ok)
    }

    @Test("other engines and other versions need none")
    func others() {
        for version in [EngineVersion(product: .docker, version: "4.0"), .init(product: .podman, version: "5.4.2")] {
            #expect(RebootCheck(engine: version, root: scratch.path).checks.isEmpty)
        }
    }
}
