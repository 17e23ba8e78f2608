import Foundation
import HostSupport
import Model
import TestSupport
import Testing

@testable import HostSystem

@Suite("What the host knows of containers")
struct ContainerLimitTests {
    @Test("the group of a container is found in every form in which engines write it")
    func groups() {
        let memberships = [
            "0::/machine.slice/libpod-abc.scope/container\n", "0::/system.slice/docker-abc.scope\n",
            "7:memory:/libpod_parent/libpod-abc\n5:cpu,cpuacct:/libpod_parent/libpod-abc\n1:name=systemd:/x\n",
        ]
        for membership in memberships {
            #expect(ControlGroup(membership: membership, container: "abc") != nil, "\(membership)")
        }
        #expect(ControlGroup(membership: "0::/user.slice\n", container: "abc") == nil)
    }

    @Test("limits are read from the groups of both versions, and the smallest holds")
    func limits() throws {
        let scratch = try Scratch()
        for (file, text) in [
            "a.scope/memory.max": "33554432\n", "a.scope/cpu.max": "50000 100000\n", "a.scope/pids.max": "max\n",
            "a.scope/container/memory.max": "max\n", "a.scope/container/cpu.max": "max 100000\n",
            "a.scope/container/pids.max": "100\n", "memory/a/memory.limit_in_bytes": "9223372036854771712\n",
            "cpu,cpuacct/a/cpu.cfs_quota_us": "-1\n", "cpu,cpuacct/a/cpu.cfs_period_us": "100000\n",
            "pids/a/pids.max": "2048\n",
        ] { try scratch.write(text, to: file) }
        func limits(_ membership: String) -> ResourcePlan? {
            ControlGroup(membership: membership, container: "a", root: scratch.path)?.limits
        }
        #expect(
            limits("0::/a.scope/container\n")
                == ResourcePlan(memory: ByteCount(bytes: 32 << 20), cpus: 0.5, pids: 100))
        let first = "3:memory:/a\n2:cpu,cpuacct:/a\n1:pids:/a\n"
        #expect(limits(first) == ResourcePlan(memory: nil, cpus: nil, pids: 2048))
        #expect(limits("0::/a.scope/elsewhere\n") == nil)
    }

    @Test("memory in use is what the kernel cannot take back, in both versions")
    func memory() throws {
        let scratch = try Scratch()
        for (file, text) in [
            "a.scope/memory.current": "5000\n", "a.scope/memory.stat": "anon 3000\ninactive_file 1500\n",
            "memory/a/memory.usage_in_bytes": "7000\n",
            "memory/a/memory.stat": "inactive_file 1\ntotal_inactive_file 4000\n",
        ] { try scratch.write(text, to: file) }
        func used(_ membership: String) -> Int64? {
            ControlGroup(membership: membership, container: "a", root: scratch.path)?.memoryInUse?.bytes
        }
        #expect(used("0::/a.scope/container\n") == 3500)
        #expect(used("3:memory:/a\n") == 3000)
        #expect(used("0::/b.scope\n") == nil)
        #expect(try HostFixture().host.availableMemory()?.bytes ?? 0 > 1 << 20)
    }

    @Test("a process that is not the container's tells nothing, as its number may have been used again")
    func stranger() throws {
        let status = ContainerStatus(id: "abc", name: "web", imageID: "", state: .running, process: getpid())
        #expect(try HostFixture().host.limits(of: status) == nil)
    }

    @Test("a container that the health check gave up on is known by its mark until it is taken up again")
    func givenUp() throws {
        let fixture = try HostFixture()
        #expect(fixture.host.containersGivenUp() == [])
        for path in ["web/gave-up", "web/failures", "database/failures"] {
            try fixture.scratch.write("", to: "state/jobs/health/\(path)")
        }
        #expect(fixture.host.containersGivenUp() == ["web"])
        try fixture.host.takeUpAgain("web")
        #expect(fixture.host.containersGivenUp() == [])
    }
}
