import Model
import Testing

@testable import Incidents

@Suite("What an incident is about is one thing, with one kind and the name that journals have")
struct IncidentSubjectTests {
    @Test(
        "journals and reports of every version have these kinds and names",
        arguments: [
            (IncidentSubject.stack, "deployment", "stack"), (.boot, "deployment", "boot"),
            (.machine, "deployment", "host"), (.move, "deployment", "move"), (.repository, "repository", "repository"),
            (.branch, "repository", "branch"), (.signers, "repository", "signers"), (.drift, "drift", "stack"),
            (.container("web"), "drift", "web"), (.backup(.copy), "backup", "backup"),
            (.backup(.size), "backup", "backup size"), (.backup(.paths), "backup", "backup paths"),
            (.backup(.spool), "backup", "backup spool"), (.backup(.drill), "backup", "backup drill"),
            (.backup(.target("nas")), "backup", "backup target nas"),
            (.backup(.release("nas")), "backup", "release files at nas"),
        ])
    func names(subject: IncidentSubject, kind: String, name: String) {
        #expect(subject.kind.rawValue == kind)
        #expect(subject.name == name)
    }
}
