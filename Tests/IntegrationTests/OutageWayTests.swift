import Foundation
import Model
import Processes
import TestSupport
import Testing

@Suite("The way back that status names", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct OutageWayTests {
    @Test("after a failed deployment, its line of git brings the last good version back, also over a refused commit")
    func wayBack() async throws {
        try await VSN.deployed { vsn in
            let good = try vsn.repo.head()
            let images = try await vsn.sandbox.podman("ps", "--format", "{{.Image}}")
            #expect(images.contains("\(vsn.registry.address)/acme/web:1.0.0"), "\(images)")
            let command = "for i in 1 2 3; do echo no such table; done; exit 3"
            let bad = try vsn.commit(
                "1.0.0", "End at once",
                changes: #"{"containers": {"web": {"command": ["/bin/sh", "-c", "\#(command)"]}}}"#)
            let began = ContinuousClock.now
            let failed = try await vsn.fairlead("reconcile")
            #expect(failed.status == 4)
            let after = ContinuousClock.now
            #expect(try await vsn.fairlead("history").text.contains("  down since 20"))
            // Once: reason, log with what repeats counted, and at the end what to do.
            let told = failed.text + failed.errorTail
            #expect(told.ranges(of: "container 'web' crashes in a loop").count == 1, "\(told)")
            #expect(
                told.contains(
                    /✗ [^|]*container 'web' crashes in a loop \(exit status 3\) \| +\| no such table \(\d+ times\)/),
                "\(told)")
            #expect(told.ranges(of: "mend the image or its configuration").count == 1, "\(told)")
            let down = try await vsn.fairlead("status").text
            #expect(down.hasPrefix("test: \(vsn.stack) DOWN since 20"), "\(down)")
            #expect(down.contains("  last good   #1  \(good.prefix(10))"), "\(down)")
            #expect(down.contains("git revert --no-edit \(bad.prefix(10)) && git push"), "\(down)")
            #expect(down.ranges(of: "container 'web' crashes in a loop").count == 1, "\(down)")

            try vsn.repo.write("plan.json", "{")
            let broken = try vsn.repo.commit("Break the plan")
            #expect(try await vsn.fairlead("reconcile").status == 3)
            let refused = try await vsn.fairlead("status").text
            #expect(refused.contains("; the tip \(broken.prefix(10)) is refused\n"), "\(refused)")
            let line = try #require(refused.firstMatch(of: /git restore .* && git commit -m '.*?'/)?.output)
            try vsn.repo.git("config", "user.name", "Olga")
            try vsn.repo.git("config", "user.email", "olga@example.com")
            _ = try await Command("/bin/bash", ["-c", String(line)], workingDirectory: vsn.repo.path).run()
            let repaired = ContinuousClock.now
            let back = try await vsn.fairlead("reconcile")
            #expect(back.status == 0, "\(back.text)\(back.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            // All of the outage: it began with the deployment that failed.
            let downtime = Duration.milliseconds(try #require(try await vsn.deployments().first?.downtimeMilliseconds))
            #expect(downtime >= repaired - after && downtime <= .now - began)
            #expect(try await !vsn.fairlead("history").text.contains("down since"))
            let status = try await vsn.fairlead("status").text
            #expect(
                status.hasPrefix("test: \(vsn.stack) 1.0.0 deployed, but no daemon follows the branch\n"), "\(status)")
        }
    }
}
