import Foundation
import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

/// What the environment, a plan or an operator could make of a text.
let hostileTexts = [
    "", "plain-1.0/x", "two words", "it's", "$(touch /tmp/x)", "`id`", "${HOME}", "a\"b", "a\\nb", "a\nb\r\tc", "-rf",
    "*",
    "~",
    "a;b&c|d>e", "é — 你好",
    "\u{1B}[31m", "!!", "%", "# x", "' ; exit 1 #", "\u{7F}", "}", "[a]=b", "\\",
]

@Suite("Generated scripts (S11)")
struct JobScriptTests {
    @Test("every text reaches the script unchanged, as a value, in a list and as a key", arguments: hostileTexts)
    func quoting(text: String) async throws {
        var settings = JobSettings()
        settings.set("VALUE", text)
        settings.set("LIST", ["a", text, "b"])
        settings.set("TABLE", [text.isEmpty ? "x" : text: text])
        let print = #"printf '%s\0' "$VALUE" "${LIST[@]}" "${TABLE[@]}" "${!TABLE[@]}""#
        let script = (settings.lines + [print]).joined(separator: "\n")
        let result = try await Command("/bin/bash", ["-c", script]).run()
        let words = String(decoding: result.output, as: UTF8.self).split(
            separator: "\0", omittingEmptySubsequences: false)
        #expect(words.dropLast().map(String.init) == [text, "a", text, "b", text, text.isEmpty ? "x" : text])
    }

    @Test("scripts are clean in the eyes of shellcheck, whatever the plan and the configuration hold")
    func shellcheck() async throws {
        let text = hostileTexts.joined(separator: " ")
        var settings = JobSettings()
        for name in ["JOB_PATH", "STATE_DIRECTORY", "RUNTIME_DIRECTORY", "LOG_DIRECTORY", "ENGINE", "STACK"] {
            settings.set(name, text)
        }
        settings.set("ENGINE_ENVIRONMENT", hostileTexts)
        settings.set("TABLE", Dictionary(uniqueKeysWithValues: hostileTexts.map { ("x" + $0, $0) }))
        let script = JobScript(settings: settings, parts: [PackageResources.cleanup_bash])
        let commit = try #require(CommitID(String(repeating: "a", count: 40)))
        let bytes = script.text(from: JobScript.Origin(version: text, stack: text, commit: commit, deployment: 7))
        let shellcheck = Command(try #require(Command.find("shellcheck")), ["-"], input: Array(bytes.utf8))
        let result = try await shellcheck.runToEnd()
        #expect(result.status == 0, "\(result.text)")
    }
}
