import TestSupport
import Testing

@testable import Jobs
@testable import Model

@Suite("The ways on which a host notifies people")
struct PlanChannelTests {
    private let plan = ResolvedPlan(
        stack: "acme", version: "1", host: "vsn1", containers: [:],
        mail: MailPlan(from: "vsn@acme.example", to: ["ops@acme.example"], smtp: "smtp+plain://localhost:1"))

    @Test("every channel that a plan can have is one of its host, with a name of its own")
    func complete() {
        #expect(PlanChannel.all.map(\.key) == ChannelSection.all.map(\.key))
        let names = HostChannels(stateDirectory: "/var/lib/fairlead").all.map(\.traits.name)
        #expect(names == ["mail", "owner mail"])
        let served = HostChannels(stateDirectory: "/var/lib/fairlead").all.filter(\.traits.isServedByCheck)
        #expect(served.map(\.traits.name) == ["mail", "owner mail"], "the scripts know no other")
    }

    @Test("a cron job sends what waits in a channel exactly where the plan promises one, and its programs")
    func jobs() {
        let host = JobsConfiguration()
        for channel in plan.channels {
            let kind = PlanChannel.all.first { $0.key == channel.key }
            #expect((kind?.job(host) != nil) == channel.isSentByJob, "\(channel.key)")
        }
        #expect(ChannelSetup(host).jobs(of: plan).map(\.name) == [.sendMail])
        var silent = plan
        silent.removeChannels()
        #expect(ChannelSetup(host).jobs(of: silent).isEmpty && PlanChannel.all(of: silent).isEmpty)
    }

    @Test("the first deployment's channels are installed where there is none, and leave alone one that is there")
    func first() throws {
        let scratch = try Scratch()
        var configuration = JobsConfiguration()
        configuration.stateDirectory = scratch.path
        let setup = ChannelSetup(configuration)
        try setup.installFirst(of: plan, secrets: Secrets())
        let queue = MailQueue(stateDirectory: scratch.path)
        #expect(try MailSender(installedIn: queue.directory)?.to == ["ops@acme.example"])
        var other = plan
        other.mail?.to = ["eve@acme.example"]
        try setup.installFirst(of: other, secrets: Secrets())
        #expect(try MailSender(installedIn: queue.directory)?.to == ["ops@acme.example"])
    }
}
