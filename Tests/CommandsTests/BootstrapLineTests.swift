import Foundation
import TestSupport
import Testing

@Suite("The line with which a bootstrap goes on")
struct BootstrapLineTests {
    @Test(
        "is for the machine that the operator sits at: where ssh ran it without a terminal, ssh stands before it",
        arguments: [
            (
                ["SSH_CONNECTION": "192.0.2.1 5022 192.0.2.7 22"],
                "ssh root@192.0.2.7 bash -s -- --host vsn1 --wait 0 <bootstrap.sh"
            ),
            (
                ["SSH_CONNECTION": "192.0.2.1 5022 192.0.2.7 22", "SUDO_USER": "ada"],
                "ssh ada@192.0.2.7 sudo bash -s -- --host vsn1 --wait 0 <bootstrap.sh"
            ),
            (
                ["SSH_CONNECTION": "192.0.2.1 5022 192.0.2.7 22", "SSH_TTY": "/dev/pts/0"],
                "bash -s -- --host vsn1 --wait 0 <bootstrap.sh"
            ),
            ([:], "bash -s -- --host vsn1 --wait 0 <bootstrap.sh"),
        ] as [([String: String], String)])
    func line(environment: [String: String], expected: String) throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "deploy/bootstrap.sh").path
        // The functions themselves; the rest of the script would look at this host.
        let input = """
            id() { echo root; }
            say() { :; }
            note() { echo "$@"; }
            eval "$(sed -n '/^remember_line()/,/^}/p; /^quoted()/p; /^pause()/,/^}/p' '\(script)')"
            remember_line --host vsn1
            (pause --wait 0) || true
            """
        let program = try TestProgram(
            "bash", ["-s"], environment: environment.merging(["PATH": TestProgram.path]) { $1 }, input: input)
        #expect(try program.run() == expected)
    }
}
