import Foundation
import Journal
import Planning
import Processes
import TestSupport
import Testing

@Suite("J10: two machines never run one host", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct MachineTests {
    @Test("a copy of the disk does nothing on another machine until it is adopted; then the first is held")
    func copiedDisk() async throws {
        try await VSN.deployed { vsn in
            try await vsn.sandbox.podman("stop", "--all", "--time", "1")
            let held = try await vsn.elsewhere("reconcile")
            #expect(held.status == 5)
            #expect(held.text.contains("is of another machine, host 'test'") && held.text.contains("'fairlead adopt'"))
            #expect(try await vsn.running() == [])
            // The cron jobs know it too.
            #expect(vsn.marker?.contains("another machine") == true)
            for verb in [["resume"], ["maintenance", "end"], ["retry"]] {
                let refused = try await vsn.elsewhere(verb)
                #expect(refused.status == 5 && refused.errorTail.contains("'fairlead adopt'"), "\(refused.errorTail)")
            }
            #expect(try await vsn.fairlead("status").text.contains("'fairlead adopt'"))
            #expect(try await vsn.elsewhere("doctor").text.contains("of another machine, host 'test'"))
            let adopted = try await vsn.elsewhere("adopt")
            #expect(adopted.status == 0 && adopted.text.contains("adopted from host 'test', machine "))
            #expect(vsn.marker == nil)
            #expect(try await vsn.elsewhere("reconcile").status == 0)
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.fairlead("reconcile").status == 5)
        }
    }

    @Test("data of another machine below a new state directory are not taken unasked; back home all is well")
    func copiedData() async throws {
        try await VSN.deployed { vsn in
            try vsn.configure(["stateDirectory": "\(vsn.scratch.path)/new-state"])
            let held = try await vsn.elsewhere("reconcile")
            #expect(held.status == 5 && held.text.contains("data in '\(vsn.scratch.path)/data' are of another machine"))
            #expect(await vsn.served() == "1.0.0", "the containers of before run on")
            try vsn.configure()
            #expect(try await vsn.fairlead("reconcile").status == 0)
        }
    }

    @Test("a machine without an id runs as ever, and a damaged mark says what to do")
    func unknown() async throws {
        try await VSN.deployed { vsn in
            #expect(try await vsn.elsewhere(id: "", "reconcile").status == 0)
            try vsn.scratch.write("{", to: "data/.fairlead-host.json")
            let damaged = try await vsn.fairlead("reconcile")
            #expect(damaged.status == 1 && damaged.errorTail.contains("'fairlead adopt' writes it anew"))
            #expect(try await vsn.fairlead("adopt").status == 0)
            #expect(try await vsn.fairlead("reconcile").status == 0)
        }
    }
}

extension VSN {
    fileprivate func elsewhere(_ arguments: String...) async throws -> CommandResult {
        try await elsewhere(arguments)
    }

    fileprivate func elsewhere(id: String, _ arguments: String...) async throws -> CommandResult {
        try await elsewhere(arguments, id: id)
    }

    /// Runs the binary as on a machine with another id.
    fileprivate func elsewhere(
        _ arguments: [String], id: String = "0123456789abcdef0123456789abcdef"
    ) async throws -> CommandResult {
        let file = try scratch.write(id + "\n", to: "machine-id")
        let script = #"mount --bind "$0" /etc/machine-id && exec "$@""#
        return try await Command(
            "/usr/bin/unshare",
            ["--mount", "sh", "-c", script, file, FairleadBinary.path] + arguments + ["--config", configuration],
            environment: environment, deadline: .seconds(120)
        ).runToEnd()
    }
}
