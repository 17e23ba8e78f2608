import Foundation
import Journal
import Processes
import TestSupport
import Testing

@Suite(
    "J10: one machine runs a host", .enabled(if: VSN.unavailable == nil),
    .enabled(if: TestProgram.missingForRoot("ssh-keygen") == nil), .timeLimit(.minutes(5)))
struct HostKeyTests {
    @Test("of two fresh machines with one name only the pinned one deploys; a stack that runs goes on")
    func twoMachines() async throws {
        try await VSN.pair { first, second in
            for vsn in [first, second] { try await vsn.makeHostKey() }
            let lines = try await [first, second].mapAsync { try await $0.fairlead("host-key").text }
            #expect(lines[0] != lines[1] && lines[0].hasPrefix(#""hostKey": "ssh-ed25519 AAAA"#), "\(lines)")

            try await first.publish("1.0.0", "1.1.0")
            try first.commit("1.0.0", changes: "{\(lines[0])}")
            let refused = try await second.fairlead("reconcile")
            #expect(refused.status == 3, "\(refused.text)\(refused.errorTail)")
            let said = "\(refused.text)\(refused.errorTail)"
            #expect(said.contains("host 'test' is another machine"), "\(said)")
            #expect(said.contains(lines[1].trimmingCharacters(in: .newlines)), "\(said)")
            #expect(try await second.containers() == [])
            #expect(try await second.fairlead("plan").status == 1)
            #expect(try await second.fairlead("doctor").text.contains("host 'test' is another machine"))

            let deployed = try await first.fairlead("reconcile")
            #expect(deployed.status == 0, "\(deployed.text)\(deployed.errorTail)")
            #expect(await first.served() == "1.0.0")

            // The entry becomes the other machine's: what runs here runs on, and takes no newer plan.
            try first.commit("1.1.0", changes: "{\(lines[1])}")
            #expect(try await first.fairlead("reconcile").status == 3)
            #expect(await first.served() == "1.0.0")
            try await first.sandbox.podman("rm", "--all", "--force", "--time", "1")
            #expect(try await first.fairlead("reconcile").status != 0)
            #expect(await first.served() == "1.0.0", "a repair is no deployment")

            // While a machine is replaced both may.
            let keys = lines.map { $0.replacing(#""hostKey": "#, with: "").trimmingCharacters(in: .newlines) }
            try first.commit("1.1.0", "Both", changes: #"{"hostKey": [\#(keys.joined(separator: ", "))]}"#)
            let upgraded = try await first.fairlead("reconcile")
            #expect(upgraded.status == 0, "\(upgraded.text)\(upgraded.errorTail)")
            #expect(await first.served() == "1.1.0")
        }
    }

    @Test("a host without a pinned key runs, and 'doctor' prints the line that pins it; pinning replaces no container")
    func unpinned() async throws {
        try await VSN.deployed { vsn in
            try await vsn.makeHostKey()
            let line = try await vsn.fairlead("host-key").text.trimmingCharacters(in: .newlines)
            let doctor = try await vsn.fairlead("doctor").text
            #expect(doctor.contains("add to 'hosts/test.json': \(line)"), "\(doctor)")
            let web = try await vsn.containerID("web")
            try vsn.commit("1.0.0", "Pin", changes: "{\(line)}")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.containerID("web") == web)
            #expect(try await vsn.fairlead("doctor").text.contains("the plan is for this machine and no other"))
        }
    }
}

extension VSN {
    /// As an SSH server of its own would have it.
    fileprivate func makeHostKey() async throws {
        let key = "\(scratch.path)/host-key"
        _ = try await Command("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]).run()
        try configure(["signingKey": key])
    }
}

extension Array {
    fileprivate func mapAsync<Result>(_ transform: (Element) async throws -> Result) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
