import Model
import Planning
import Testing

@Suite("The key of a host")
struct HostKeyPinTests {
    private static let own = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
    private static let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBBAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

    private func tree(_ overlay: String, more: String = "") -> MemoryTree {
        MemoryTree(containers: #""web": {"image": "localhost/web:1"}"#, more: more, overlay: overlay)
    }

    @Test(
        "lets the machine run the plan that has it, alone, in a list, or with a comment",
        arguments: [
            (#"{}"#, true), (#"{"hostKey": "\#(own)"}"#, true), (#"{"hostKey": "\#(own) root@vsn1"}"#, true),
            (#"{"hostKey": ["\#(other)", "\#(own)"]}"#, true), (#"{"hostKey": "\#(other)"}"#, false),
            (#"{"hostKey": ["\#(other)"]}"#, false),
        ])
    func pinned(overlay: String, isAllowed: Bool) throws {
        let plan = try tree(overlay).resolved().plan
        #expect((HostKeyPin.problem(of: plan, on: "\(Self.own) comment") == nil) == isAllowed)
    }

    @Test("refuses another machine with both keys and what to do")
    func refused() throws {
        let plan = try tree(#"{"hostKey": "\#(Self.other)"}"#).resolved().plan
        let problem = try #require(HostKeyPin.problem(of: plan, on: Self.own))
        #expect(problem.file == "hosts/berlin.json" && problem.pointer == "/hostKey")
        #expect(problem.message.contains("its key is '\(Self.other)', this machine's is '\(Self.own)'"))
        #expect(problem.hint.contains(HostKeyPin.line(Self.own)))
    }

    @Test("is written for one host, as a public SSH key")
    func misplaced() throws {
        #expect(
            try tree("{}", more: #""hostKey": "\#(Self.own)""#).problems() == [
                "plan.json:2 /hostKey: 'hostKey' is written for all hosts; write it into the 'hosts/NAME.json' of the machine "
                    + "with that key"
            ])
        let text = try tree(#"{"hostKey": "SHA256:abc"}"#).problems()
        #expect(text.map { $0.contains("'SHA256:abc' is not a public SSH key") } == [true])
        let cut = try tree(#"{"hostKey": "\#(Self.own.dropLast(5))"}"#).problems()
        #expect(cut.map { $0.contains("is not a public SSH key, or not a whole one") } == [true])
    }

    @Test("a change of it replaces no container")
    func replacesNothing() throws {
        let plans = try [#"{"hostKey": "\#(Self.own)"}"#, #"{"hostKey": "\#(Self.other)"}"#].map {
            try tree($0).resolved().plan
        }
        let states = plans.map { DesiredState(plan: $0) }
        #expect(PlanComparison.replacedContainers(from: states[0], to: states[1]) == [])
        #expect(PlanComparison.changes(from: states[0], to: states[1]).map(\.kind) == [.added, .removed])
    }
}
