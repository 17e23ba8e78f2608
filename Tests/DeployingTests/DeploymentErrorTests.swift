import Model
import Testing

@testable import Deploying

@Suite("What is recorded of a failed deployment")
struct DeploymentErrorTests {
    private struct RegistryError: Actionable {
        let message: String
        var hint: String { message }
        var disposition: Disposition { .transient }
    }

    @Test("a registry's text is recorded without a login, and cut after that, however long it is (issue 11)")
    func cut() {
        let secrets = Secrets(["registry": "correct horse"])
        for letter in ["\u{301}", "<td>", "é"] {
            let said = "cannot pull 'r/x:1': correct horse " + String(repeating: letter, count: 300_000)
            let error = DeploymentError(RegistryError(message: said), redactedBy: secrets)
            #expect(error.message.utf8.count < 33_000 && error.hint.utf8.count < 33_000)
            #expect(error.message.hasPrefix("cannot pull 'r/x:1': [secret registry]"))
            #expect(error.disposition == .transient)
        }
    }
}
