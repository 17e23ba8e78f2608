import Foundation
import Model
import Planning
import TestSupport
import Testing

@testable import Commands

/// T1: the policy of a host, as its owner writes it.
@Suite("The policy in the configuration of a VSN")
struct PolicyConfigurationTests {
    private func policy(_ text: String) throws -> VSNPolicy {
        let scratch = try Scratch()
        let file = try scratch.write(
            #"{"repository": {"url": "/srv/repo.git"}, "policy": \#(text)}"#, to: "config.json")
        return try VSNConfiguration(from: ConfigurationSource(file: file)).policy
    }

    @Test("what the schema says of each profile is what the profile is", arguments: ["strict", "trusted"])
    func profiles(name: String) throws {
        let schema = try JSONDocument(file: "schema", bytes: Array(VSNConfiguration.schemaText.utf8)).value
        let keys = try #require(schema["properties"]?["policy"]?["properties"]?.object)
        let encoded = try JSONEncoder().encode(try policy(#"{"profile": "\#(name)"}"#))
        let found = try JSONDecoder().decode(JSONValue.self, from: encoded)
        for (key, node) in keys where key != "profile" && key != "images" {
            let expected = name == "trusted" ? node["x-trusted"] ?? node["default"] : node["default"]
            #expect(found[key] == expected, "\(key)")
        }
    }

    @Test("what is written wins over the profile, and what is not is left to it")
    func written() throws {
        let trusted = try policy(#"{"profile": "trusted", "privileged": false, "backupDirectories": ["/backup"]}"#)
        #expect(!trusted.privileged)
        #expect(trusted.backupDirectories == ["/backup"])
        #expect(trusted.allowedHostPaths == ["/"])
        #expect(try policy("{}").allowedHostPaths == [])
    }

    @Test("the former name of the registries is still read, and the new one counts where both are written")
    func formerName() throws {
        let former = try policy(#"{"allowedRegistries": ["a.example.com"]}"#)
        #expect(former.images.registries == ["a.example.com"])
        #expect(former.buildPolicy == .off)
        let both = try policy(#"{"allowedRegistries": ["a"], "images": {"registries": ["b"]}, "builds": "host"}"#)
        #expect(both.images.registries == ["b"])
        #expect(both.buildPolicy == .host)
    }

    @Test("a file that others can write, or that holds passwords and can be read by them, is told of")
    func file() throws {
        let scratch = try Scratch()
        let path = try scratch.write("{}", to: "config.json")
        for (mode, holdsPasswords, words) in [
            (0o600, true, nil), (0o644, false, nil), (0o644, true, "others can read the passwords"),
            (0o620, false, "others can write this host's policy"), (0o602, false, "others can write"),
        ] as [(Int, Bool, String?)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let problem = ConfigurationFile(path: path, holdsPasswords: holdsPasswords).problem
            #expect((problem == nil) == (words == nil))
            #expect(words.map { problem?.found.contains($0) == true } ?? true)
        }
    }

    @Test("Fairlead's own directories are those of the configuration")
    func ownDirectories() throws {
        #expect(try policy("{}").ownDirectories.prefix(2) == ["/srv/fairlead", "/var/lib/fairlead"])
    }
}
