import HostSystem
import Model
import TestSupport
import Testing

@testable import Commands

@Suite("Doctor looks at where logs go")
struct LogCheckTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func check(
        hasJournal: Bool = true, settings: HostSettings? = nil, policy: VSNPolicy = VSNPolicy(),
        drivers: [String: ContainerLogPlan] = [:], lines configuration: String = ""
    ) throws -> HostCheck? {
        try scratch.write("[Journal]\n\(configuration)\n", to: "etc/systemd/journald.conf.d/70-own.conf")
        var plan = ResolvedPlan(stack: "acme", version: "1", host: "vsn1", containers: [:], hostSettings: settings)
        for name in ["database", "web"] {
            var container = ContainerPlan(image: .reference(try #require(ImageReference("localhost/web:1"))))
            container.logs = drivers[name]
            plan.containers[name] = container
        }
        let checks = LogCheck(
            plan: plan, hasJournal: hasJournal, journal: try JournalConfiguration(root: scratch.path), policy: policy
        ).checks
        #expect(checks.count <= 1)
        return checks.first
    }

    @Test("a limit of the rate is a warning with the line of the plan, and of the policy where that has to let it in")
    func limited() throws {
        let found = try #require(try check(drivers: ["database": ContainerLogPlan(driver: .file)]))
        #expect(found.status == .warn && found.found.contains("drops most of a burst from 'web' without a word"))
        #expect(found.found.contains("10000 messages in 30s"))
        #expect(found.advice == [#"add "logs": {"maximum": "2GiB"} to the plan: docs/logs.md"#])
        let kept = try #require(try check(policy: VSNPolicy(allowedHostSettings: ["dns"])))
        #expect(kept.advice.last?.contains(#""policy": {"allowedHostSettings": ["dns", "logs"]}"#) == true)
    }

    @Test("without a limit all is well; nothing is said where no container writes to the journal")
    func unlimited() throws {
        #expect(try check(lines: "RateLimitIntervalSec=0")?.status == .ok)
        let file = ContainerLogPlan(driver: .file)
        #expect(try check(drivers: ["web": file, "database": ContainerLogPlan(driver: .none)]) == nil)
        #expect(LogCheck(plan: nil, hasJournal: true, journal: nil, policy: VSNPolicy()).checks.isEmpty)
    }

    @Test("a file that sets a limit again behind the plan's back is named")
    func overridden() throws {
        let settings = HostSettings(logs: LogSettings(maximum: ByteCount(bytes: 1 << 30)))
        let found = try #require(try check(settings: settings, lines: "RateLimitIntervalSec=5s"))
        #expect(found.status == .warn && found.found.contains("as '/etc/systemd/journald.conf.d/70-own.conf' says"))
        #expect(found.advice.first?.contains("remove the lines 'RateLimit…'") == true)
    }

    @Test("a journal that keeps nothing is told of, and a host without one says that logs go with their containers")
    func nothing() throws {
        #expect(try check(lines: "Storage=none")?.found.contains("keeps nothing") == true)
        let without = try #require(try check(hasJournal: false))
        #expect(without.status == .ok && without.found.contains("goes with the container"))
    }
}
