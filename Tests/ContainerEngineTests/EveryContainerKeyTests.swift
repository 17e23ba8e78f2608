import Foundation
import Model
import Testing

@testable import ContainerEngine
@testable import Deploying

/// The twin of `EveryFieldTests` for what engines are asked for.
@Suite("No key of a container's plan is lost on the way to an engine (R5)")
struct EveryContainerKeyTests {
    /// One place in the plan of a container, with another value for it, as JSON.
    struct Key: Sendable, CustomTestStringConvertible {
        let path: String
        let other: String

        init(_ path: String, _ other: String) {
            self.path = path
            self.other = other
        }

        var testDescription: String { path }
    }

    private static let ofEngine = [
        Key("image", #"{"reference": {"_0": "registry.example.com/acme/web:2"}}"#),
        Key("entrypoint", #"["/other"]"#), Key("command", #"["other"]"#),
        Key("environment", #"{"LOG_LEVEL": "debug"}"#),
        Key("volumes.0.source", #"{"data": {"_0": "other"}}"#), Key("volumes.0.target", #""/other""#),
        Key("volumes.0.readOnly", "true"), Key("files.0.source", #""files/other""#),
        Key("files.0.target", #""/etc/other""#), Key("secretFiles.0.target", #""/run/other""#),
        Key("ports", #"["444:8443"]"#), Key("resources.memory", #""1MiB""#), Key("resources.cpus", "0.25"),
        Key("resources.pids", "99"), Key("stopTimeout", #""31s""#), Key("init", "false"), Key("user", #""34:34""#),
        Key("workingDirectory", #""/other""#), Key("hostname", #""other""#),
        Key("capabilities.add", #"["NET_RAW"]"#), Key("capabilities.drop", #"["CHOWN"]"#), Key("privileged", "true"),
        Key("allowPrivilegeEscalation", "false"), Key("userns", #""host""#), Key("readOnly", "false"),
        Key("tmpfs", #"["/other"]"#), Key("labels", #"{"team": "other"}"#),
        Key("logs.driver", #""none""#), Key("logs.maximum", #""21MiB""#),
    ]

    /// What Fairlead does itself: health, order, the content and the owners of what is mounted, backups.
    private static let ofFairlead = [
        Key("dependsOn", "[]"), Key("restartWith", "[]"), Key("health", #"{"check": {"off": {}}, \#(times)}"#),
        Key("liveness", #"{"check": {"tcp": {"port": 81}}, "timeout": "2s"}"#),
        Key("volumes.0.owner", #""34:34""#), Key("volumes.0.mode", #""0711""#), Key("volumes.0.backup", "null"),
        Key("volumes.0.mayBeEmpty", "false"), Key("volumes.0.formerly", #""other""#),
        Key("volumes.0.startEmpty", "false"), Key("files.0.contentDigest", #""\#(String(repeating: "0", count: 64))""#),
        Key("secretFiles.0.secret", #""other""#), Key("secretFiles.0.owner", #""34:34""#),
        Key("secretFiles.0.mode", #""0440""#),
    ]

    /// What Docker cannot do: a plan that asks for it is refused there before anything is touched.
    private static let refusedByDocker: Set = ["userns"]

    /// What a drill leaves out: nobody reaches its containers.
    private static let notOfDrill: Set = ["ports"]

    @Test("every key has its place here")
    func complete() throws {
        let container = try Self.container()
        let keys = Mirror(reflecting: container).children.compactMap(\.label)
        let placed = Set((Self.ofEngine + Self.ofFairlead).map(\.path))
        let volume = Mirror(reflecting: container.volumes[0]).children.compactMap(\.label).map { "volumes.0.\($0)" }
        let file = Mirror(reflecting: container.files[0]).children.compactMap(\.label).map { "files.0.\($0)" }
        let secret = Mirror(reflecting: container.secretFiles[0]).children.compactMap(\.label)
            .map { "secretFiles.0.\($0)" }
        let resources = Mirror(reflecting: container.resources).children.compactMap(\.label).map { "resources.\($0)" }
        let capabilities = Mirror(reflecting: container.capabilities).children.compactMap(\.label)
            .map { "capabilities.\($0)" }
        let logs = Mirror(reflecting: try #require(container.logs)).children.compactMap(\.label).map { "logs.\($0)" }
        let parents: Set = ["volumes", "files", "secretFiles", "resources", "capabilities", "logs"]
        let parts = volume + file + secret + resources + capabilities + logs
        #expect(placed == Set(keys).subtracting(parents).union(parts))
    }

    @Test("another value is another request to Podman, to Docker, and in a drill", arguments: ofEngine)
    func asked(_ key: Key) throws {
        let (before, after) = (try Self.spec(), try Self.spec(changing: key))
        #expect(try Self.podman(before) != Self.podman(after))
        #expect(try (Self.docker(before) == Self.docker(after)) == Self.refusedByDocker.contains(key.path))
        let drills = [before, after].map { $0.drilled(at: nil, hosts: [:]) }
        #expect(try (Self.podman(drills[0]) == Self.podman(drills[1])) == Self.notOfDrill.contains(key.path))
    }

    @Test("what Fairlead does itself is asked of no engine", arguments: ofFairlead)
    func own(_ key: Key) throws {
        #expect(try Self.container() != Self.container(changing: key))
        let (before, after) = (try Self.spec(), try Self.spec(changing: key))
        #expect(try Self.podman(before) == Self.podman(after))
        #expect(try Self.docker(before) == Self.docker(after))
    }
}

extension EveryContainerKeyTests {
    private static func podman(_ spec: ContainerSpec) throws -> String { try text(of: CreateRequest(spec)) }

    private static func docker(_ spec: ContainerSpec) throws -> String {
        try text(of: DockerCreateRequest(spec, covers: []))
    }

    private static func text(of request: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(request), as: UTF8.self)
    }

    private static func spec(changing key: Key? = nil) throws -> ContainerSpec {
        let container = try container(changing: key)
        let secretFiles = container.secretFiles.map { ($0.target, "/secrets\($0.target)") }
        let builder = SpecBuilder(
            plan: ResolvedPlan(stack: "acme", version: "1", host: "vsn1", containers: ["web": container]),
            commit: try #require(CommitID(String(repeating: "a", count: 40))), deployment: 1, secrets: Secrets(),
            tree: "/tree", secretFiles: ["web": Dictionary(uniqueKeysWithValues: secretFiles)],
            volumeDirectory: { "/data/\($0.source)" })
        return try builder.spec("web", container, image: StoredImage(id: "sha256:1", names: []))
    }

    private static func container(changing key: Key? = nil) throws -> ContainerPlan {
        var value = try JSONSerialization.jsonObject(with: Data(json.utf8))
        if let key {
            let other = try JSONSerialization.jsonObject(with: Data(key.other.utf8), options: .fragmentsAllowed)
            value = replacing(key.path.split(separator: ".").map(String.init)[...], in: value, with: other)
        }
        return try JSONDecoder().decode(ContainerPlan.self, from: JSONSerialization.data(withJSONObject: value))
    }

    private static func replacing(_ path: ArraySlice<String>, in value: Any, with other: Any) -> Any {
        guard let first = path.first else { return other }
        if var members = value as? [String: Any] {
            members[first] = replacing(path.dropFirst(), in: members[first] as Any, with: other)
            return members
        }
        guard var elements = value as? [Any], let index = Int(first) else { return value }
        elements[index] = replacing(path.dropFirst(), in: elements[index], with: other)
        return elements
    }

    private static let times =
        #""interval": "5s", "timeout": "3s", "retries": 12, "startPeriod": "30s", "restart": true"#

    /// With a value for every key, as a saved plan has it.
    private static let json = """
        {"image": {"reference": {"_0": "registry.example.com/acme/web:1"}}, "entrypoint": ["/start"],
         "command": ["serve"], "environment": {"LOG_LEVEL": "info"},
         "volumes": [{"source": {"data": {"_0": "web"}}, "target": "/data", "readOnly": false, "owner": "33:33",
           "mode": "0700", "mayBeEmpty": true, "formerly": "site", "startEmpty": true,
           "backup": {"mode": "hook", "engine": "tar", "dump": ["dump"], "load": ["load"], "exclude": ["cache"],
             "include": ["site"], "timeout": "2h"}}],
         "files": [{"source": "files/site.conf", "target": "/etc/site.conf",
           "contentDigest": "\(String(repeating: "ab", count: 32))"}],
         "secretFiles": [{"secret": "key", "target": "/run/key", "owner": "33:33", "mode": "0400"}],
         "dependsOn": ["database"], "restartWith": ["database"], "ports": ["443:8443"],
         "health": {"check": {"tcp": {"port": 8443}}, \(times)},
         "liveness": {"check": {"tcp": {"port": 8443}}, "timeout": "2s"},
         "resources": {"memory": "256MiB", "cpus": 0.5, "pids": 100}, "stopTimeout": "30s", "init": true,
         "user": "33:33", "workingDirectory": "/srv", "hostname": "www",
         "capabilities": {"add": ["NET_ADMIN"], "drop": ["KILL"]}, "privileged": false,
         "allowPrivilegeEscalation": true, "userns": "private", "readOnly": true, "tmpfs": ["/run"],
         "labels": {"team": "core"}, "logs": {"driver": "file", "maximum": "20MiB"}}
        """
}
