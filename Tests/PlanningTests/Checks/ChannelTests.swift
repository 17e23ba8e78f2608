import Testing

@testable import Model
@testable import Planning

@Suite("The ways on which people are notified")
struct ChannelTests {
    @Test("a channel that comes, goes or changes replaces no container", arguments: ChannelSection.all.map(\.key))
    func replacesNothing(key: String) throws {
        let section = try #require(ChannelSection.all.first { $0.key == key })
        let state = FullState.state
        #expect(section.channel(state.plan)?.key == key)
        var silent = state
        section.copy(nil, &silent.plan)
        #expect(silent != state && section.channel(silent.plan) == nil)
        #expect(PlanComparison.replacedContainers(from: state, to: silent) == [])
        #expect(PlanComparison.replacedContainers(from: silent, to: state) == [])
        section.copy(state.plan, &silent.plan)
        #expect(silent == state)
    }

    @Test("what a channel may keep secret is what its plan keeps secret, and no password stands in clear unnoticed")
    func credentials() {
        for section in ChannelSection.all {
            let channel = section.channel(FullState.plan)
            let keys = JSONSchema.plan.document?.value[pointer: "/properties/\(section.key)/properties"]?.object ?? [:]
            let credentials = keys.keys.filter { SecretPlaces.plan.contain([section.key, $0]) }
            #expect(channel?.credentials.count == credentials.count && !credentials.isEmpty, "\(section.key)")
            #expect(Set(credentials).isSuperset(of: section.passwords), "\(section.key)")
            for name in credentials { #expect(!SecretPlaces.plan.contain([section.key, name, "0"])) }
            #expect(!SecretPlaces.plan.contain([section.key, "from"]))
        }
    }

    @Test("a plan without channels needs nothing for them")
    func removed() {
        var plan = FullState.plan
        #expect(plan.secretReferences.contains("mail"))
        #expect(plan.requiredPrograms.contains { $0.name == "msmtp" })
        #expect(plan.neededHosts.contains { $0.role == "the mail server" })
        plan.removeChannels()
        #expect(plan.channels.isEmpty && plan.mail == nil)
        #expect(!plan.secretReferences.contains("mail"))
        #expect(!plan.requiredPrograms.contains { $0.name == "msmtp" })
        #expect(!plan.neededHosts.contains { $0.role == "the mail server" })
    }
}
