import Foundation
import Processes
import TestSupport
import Testing

@Suite("Doctor sees what does not run", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct DoctorTests {
    @Test("without a daemon it fails; with one the daemon is ok; a stopped container and an empty host fail")
    func daemonAndStack() async throws {
        try await VSN.deployed { vsn in
            #expect(try await checks(vsn) == ["daemon": "fail", "stack": "ok"])
            #expect(try await vsn.fairlead("doctor").status == 1)
            try await vsn.withDaemon { _ in
                try await vsn.waits("for the daemon") { try await checks(vsn)["daemon"] == "ok" }
            }
            #expect(try await checks(vsn)["daemon"] == "fail")
            try await vsn.sandbox.podman("stop", "--time", "0", "\(vsn.stack)-web")
            let stopped = try await vsn.fairlead("doctor").text
            #expect(stopped.contains("web is exited"), "\(stopped)")

            try vsn.commit("1.0.0", "Never healthy", changes: VSN.neverHealthy())
            #expect(try await vsn.fairlead("reconcile").status == 4)
            let down = try await vsn.fairlead("doctor").text
            #expect(down.contains("\(vsn.stack) is down since 20"), "\(down)")
        }
    }

    private func checks(_ vsn: VSN) async throws -> [String: String] {
        let bytes = Data(try await vsn.fairlead("doctor", "--output", "json").output)
        let json = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let checks = try #require(json["checks"] as? [[String: Any]])
        return Dictionary(
            checks.compactMap { check in
                guard let name = check["name"] as? String, ["daemon", "stack"].contains(name) else { return nil }
                return (name, check["status"] as? String ?? "")
            }
        ) { first, _ in first }
    }
}
