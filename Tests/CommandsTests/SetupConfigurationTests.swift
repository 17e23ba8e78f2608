import Foundation
import Model
import TestSupport
import Testing

@testable import Commands

@Suite("The configuration that a setup writes")
struct SetupConfigurationTests {
    private let fixture: SetupFixture

    init() throws { fixture = try SetupFixture() }

    private var etc: String { fixture.places.directory }

    /// Loaded as the daemon does it.
    private func loaded(_ arguments: [String], token: String? = nil) throws -> VSNConfiguration {
        let wanted = try #require(try fixture.wanted(arguments, token: token))
        let file = try fixture.scratch.write(wanted.text, to: "config.json")
        return try VSNConfiguration(from: ConfigurationSource(file: file))
    }

    @Test("is JSON in the order in which people read it, with just what was asked for")
    func text() throws {
        let wanted = try fixture.wanted([
            "--repo", #"ssh://git@git.example.com/a"b\c.git"#, "--host", "vsn1", "--interval", "30s",
        ])
        #expect(
            wanted?.text == #"""
                {
                    "repository": {
                        "url": "ssh://git@git.example.com/a\"b\\c.git",
                        "branch": "main",
                        "sshKey": "\#(etc)/ssh_key",
                        "knownHosts": "\#(etc)/known_hosts"
                    },
                    "host": "vsn1",
                    "interval": "30s",
                    "ageIdentity": "\#(etc)/age.txt"
                }

                """#)
    }

    @Test("names the files that the token, the certificates and the proxy's password are kept in, and none that is not")
    func files() throws {
        let file = try fixture.scratch.write("canary\n", to: "secret")
        let repo = ["--repo", "https://git.example.com/acme.git", "--host", "vsn1"]
        let full = try loaded(
            repo + ["--username", "acme", "--ca-file", file, "--proxy", "http://proxy:3128", "--no-proxy"]
                + ["registry.example.com,10.0.0.0/8", "--proxy-user", "vsn1", "--proxy-password-file", file],
            token: "canary")
        #expect(full.repository.tokenFile == "\(etc)/token" && full.repository.caFile == "\(etc)/ca.pem")
        #expect(full.repository.username == "acme" && full.repository.sshKey == nil)
        #expect(full.proxy.url == "http://proxy:3128" && full.proxy.username == "vsn1")
        #expect(full.proxy.noProxy == ["registry.example.com", "10.0.0.0/8"])
        #expect(full.proxy.passwordFile == "\(etc)/proxy-password")
        let plain = try loaded(repo + ["--proxy", "http://proxy:3128"])
        #expect(plain.repository.tokenFile == nil && plain.repository.caFile == nil && plain.proxy.noProxy.isEmpty)
        #expect(plain.proxy.passwordFile == nil)
        let wanted = try fixture.wanted(repo + ["--token-file", file])
        #expect(wanted?.text.contains("canary") == false)
    }

    @Test("takes signers from a file, a line or a keyring, and the kind of what they sign with from there")
    func signers() throws {
        let key = try SSHTestKey()
        let line = "ada@example.com \(key.line)"
        let list = try fixture.scratch.write("\(line)\n", to: "list")
        for signers in [line, list] {
            let source = try SignerSource(signers)
            #expect(source.mode == .ssh && source.bytes == Array("\(line)\n".utf8))
            let trust = try loaded(fixture.here + ["--signers", signers]).trust
            #expect(trust.commits.mode == .ssh && trust.commits.allowedSigners == "\(etc)/allowed_signers")
            #expect(trust.anchor == nil)
        }
        let keyring = "\(fixture.scratch.path)/keyring"
        try Data([0x99] + Array("rest".utf8)).write(to: URL(filePath: keyring))
        #expect(try SignerSource(keyring).mode == .gpg)
    }

    @Test(
        "refuses signers that are none: a file that is missing or armoured, a line without a key or without a name",
        arguments: ["/nonexistent", "armoured", "ada ssh-ed25519", "ssh-ed25519 AAAAx"])
    func noSigners(signers: String) throws {
        let armoured = try fixture.scratch.write("-----BEGIN PGP PUBLIC KEY BLOCK-----\n", to: "armoured")
        let error = #expect(throws: SetupError.self) {
            try SignerSource(signers == "armoured" ? armoured : signers)
        }
        #expect(error?.message.hasPrefix("'--signers' names no file with keys") == true)
    }

    @Test("keeps the anchor that is pinned where the arguments name none, and only with signers")
    func anchor() async throws {
        let pinned = CommitID(repeating: "7")
        let signers = fixture.here + ["--signers", "ada@example.com ssh-ed25519 AAAAx"]
        let former = try #require(try fixture.wanted(signers, anchor: pinned))
        #expect(former.text.contains(#""anchor": "\#(pinned.hex)""#))
        try fixture.scratch.write(former.text, to: "etc/config.json")
        func change(_ arguments: [String]) async throws -> ConfigurationChange {
            let request = try fixture.request(arguments + ["--force"])
            let transcript = SetupTranscript(console: fixture.capture.console, isDryRun: false)
            return try await ConfigurationKeeper(places: fixture.places, transcript: transcript)
                .change(for: request, try SetupMaterial(request))
        }
        #expect(try await change(signers) == .keep)
        let named = CommitID(repeating: "8")
        let other = try #require(try fixture.wanted(signers, anchor: named))
        #expect(try await change(signers + ["--anchor", named.hex]) == .write(other))
        let unsigned = try #require(try fixture.wanted(fixture.here))
        #expect(!unsigned.text.contains("trust"))
        #expect(try await change(fixture.here) == .write(unsigned))
    }

    @Test("one that is there stays where it says the same, whatever its layout, and is replaced only with --force")
    func change() throws {
        let wanted = try #require(try fixture.wanted(fixture.here))
        let other = try #require(try fixture.wanted(fixture.here + ["--branch", "next"]))
        let compact = Array(wanted.text.filter { !$0.isWhitespace }.utf8)
        let table: [([UInt8]?, Bool, ConfigurationChange?)] = [
            (nil, false, .write(wanted)), (Array(wanted.text.utf8), false, .keep), (compact, false, .keep),
            (compact, true, .keep), (Array(other.text.utf8), false, nil),
            (Array(other.text.utf8), true, .write(wanted)),
            (Array("{".utf8), false, nil), (Array("{".utf8), true, .write(wanted)),
        ]
        for (former, replaces, expected) in table {
            #expect(ConfigurationChange(to: wanted, from: former, replaces: replaces) == expected)
        }
    }

    @Test("wrong arguments are a wrong command line, and no message shows a secret")
    func arguments() async throws {
        let host = try CommandFixture(environment: ["FAIRLEAD_GIT_TOKEN": "canary"])
        let https = ["--repo", "https://git.example.com/a"]
        let table: [([String], String)] = [
            (["--repo", "https://acme:canary@git.example.com/acme.git"], "use '--token-file'"),
            (["--repo", "git://git.example.com/acme.git"], "'--repo' is ssh://"),
            (["--repo", "/srv/acme.git", "--host", "../x"], "'../x' is no name of a host"),
            (["--repo", "/srv/acme\n.git"], "control character"), (["--wait", "soon"], "'soon' is no duration"),
            (https + ["--interval", "soon"], "'soon' is no duration"), (["--host", "vsn1"], "goes with '--repo'"),
            (["--signers", "/x"], "'--signers' goes with '--repo'"),
            (https + ["--anchor", CommitID(repeating: "1").hex], "goes with '--signers'"),
            (https + ["--signers", "/x", "--anchor", "abc"], "is the full id of a commit"),
            (https + ["--proxy", "http://acme:canary@proxy:3128"], "'--proxy-password-file'"),
            (https + ["--proxy", "https://proxy:3128"], "of the form http://HOST:PORT"),
            (https + ["--no-proxy", "10.0.0.0/8"], "go with '--proxy'"),
            (https + ["--proxy", "http://p:1", "--no-proxy", "10.0.0.0/99"], "neither a host"),
            (https + ["--proxy", "http://p:1", "--proxy-password-file", "/x"], "goes with '--proxy-user'"),
            (["--repo", "git@git.example.com:acme.git"], "go with a --repo https"),
            (["--username", "acme"], "go with a --repo https"),
        ]
        for (arguments, part) in table {
            // A dry run, so that nothing happens where a wrong one is taken.
            let result = await host.run(["setup", "--dry-run"] + arguments)
            #expect(result.status == .usage, "\(arguments)")
            #expect(result.chatter.contains(part) && !result.chatter.contains("canary"), "\(result.chatter)")
        }
    }
}
