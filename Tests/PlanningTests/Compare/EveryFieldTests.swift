import Foundation
import Testing

@testable import Model
@testable import Planning

@Suite("No field can be forgotten")
struct EveryFieldTests {
    /// One of these fits every text of a plan.
    private static let texts = [
        "changed", "1h", "7MiB", "1:1", "0711", "81:81", "registry.example.com/other:1", "previous", "repair",
        "journald",
    ]

    @Test("a change of any value, and the absence of any optional one, is a change of plan, both ways (G2)")
    func everyValue() {
        let state = FullState.state
        let root = JSONValue(encoding: state)
        let pointers = WrongTypeTests.pointers(root, at: "")
        #expect(pointers.count > 100)
        for pointer in pointers {
            let variants = Self.variants(of: root, at: pointer)
            #expect(!variants.isEmpty || Self.isRequiredObject(root[pointer: pointer]), "\(pointer)")
            for variant in variants {
                let changes = PlanComparison.changes(from: state, to: variant)
                #expect(!changes.isEmpty && changes.allSatisfy { !$0.text.isEmpty }, "\(pointer)")
                #expect(!PlanComparison.changes(from: variant, to: state).isEmpty, "\(pointer)")
                #expect(variant.digest != state.digest, "\(pointer)")
            }
        }
    }

    @Test("every field of a plan and of a container is in the encoded form")
    func everyFieldIsEncoded() throws {
        let root = JSONValue(encoding: FullState.state)
        func expect(_ value: Any, at pointer: String) {
            let names = Mirror(reflecting: value).children.compactMap(\.label)
            #expect(Set(names) == Set(root[pointer: pointer]?.object?.keys ?? [:].keys), "\(pointer)")
        }
        expect(FullState.state, at: "")
        expect(FullState.plan, at: "/plan")
        expect(FullState.web, at: "/plan/containers/web")
        expect(FullState.web.volumes[0], at: "/plan/containers/web/volumes/0")
        expect(FullState.web.secretFiles[0], at: "/plan/containers/web/secretFiles/0")
        expect(FullState.web.resources, at: "/plan/containers/web/resources")
        expect(try #require(FullState.web.logs), at: "/plan/containers/web/logs")
        expect(try #require(FullState.web.health), at: "/plan/containers/web/health")
        expect(try #require(FullState.web.liveness), at: "/plan/containers/web/liveness")
        expect(try #require(FullState.plan.mail), at: "/plan/mail")
        expect(try #require(FullState.plan.hostSettings), at: "/plan/hostSettings")
        expect(try #require(FullState.plan.hostSettings?.logs), at: "/plan/hostSettings/logs")
        expect(try #require(FullState.plan.maintenance), at: "/plan/maintenance")
        expect(FullState.backup, at: "/plan/backup")
        expect(try #require(FullState.web.volumes[0].backup), at: "/plan/containers/web/volumes/0/backup")
    }

    @Test("an upgrade of fairlead neither reads a saved plan differently nor redeploys it")
    func golden() throws {
        let saved = Array(Self.savedState.utf8)
        #expect(String(decoding: FullState.state.encoded(), as: UTF8.self) == Self.savedState)
        #expect(try JSONDecoder().decode(DesiredState.self, from: Data(saved)) == FullState.state)
        #expect(FullState.state.digest == Self.savedDigest)
    }

    private static func isRequiredObject(_ value: JSONValue?) -> Bool { value?.object != nil || value?.array != nil }

    /// The states in which just the value at `pointer` is another, or is missing.
    private static func variants(of root: JSONValue, at pointer: String) -> [DesiredState] {
        let candidates: [JSONValue?] =
            switch root[pointer: pointer] {
            case .string: [nil] + texts.map { .string($0) }
            case .number: [nil, .number("7")]
            case .bool(let flag): [nil, .bool(!flag)]
            default: [nil]
            }
        return candidates.compactMap { candidate in
            let changed = WrongTypeTests.replacing(JSONPointer.parts(of: pointer)[...], in: root, with: candidate)
            let state = try? JSONDecoder().decode(DesiredState.self, from: Data(changed.encoded()))
            return state == FullState.state ? nil : state
        }
        .prefix(2).map(\.self)
    }

    private static let savedDigest = "sha256:c5d1b45c44718e20bf3eac57632cea7a3dda5c8797869fc971d27c1de3e5c464"
    private static let savedState =
        #"""
        {"plan":{"backup":{"beforeDeploy":{"keep":3},"drill":"0 5 * * 0","recipients":["age1"],\#
        "restore":{"run":{"_0":"20261121T020000Z"}},"schedule":"0 2 * * *",\#
        "shrinkAlert":40,"signers":["ssh-ed25519 AAAA"],"targets":{"offsite":{"bandwidth":"1MiB","lock":"1d",\#
        "store":{"rclone":{"options":{"type":"s3"},"path":"acme"}}},\#
        "share":{"store":{"directory":{"_0":"/mnt/backup","local":false}}}},\#
        "vendor":{"signers":["ssh-ed25519 AAAB"],"target":{"store":{"directory":{"_0":"/mnt/vendor","local":false}}}}},\#
        "containers":{"database":{"capabilities":{"add":[],"drop":[]},"dependsOn":[],\#
        "environment":{"PASSWORD":"${secret:database}"},"files":[],\#
        "health":{"check":{"command":{"_0":["pg_isready"]}},"interval":"5s","restart":true,"retries":12,\#
        "startPeriod":"0s",\#
        "timeout":"3s"},\#
        "image":{"build":{"_0":{"contentDigest":"abababababababababababababababababababababababababababababababab",\#
        "path":"images/database"}}},"init":true,"labels":{},"ports":[],"privileged":false,"readOnly":false,\#
        "resources":{},"secretFiles":[],"stopTimeout":"10s","tmpfs":[],"volumes":[{"readOnly":true,\#
        "source":{"path":{"_0":"/mnt/share"}},"target":"/share"}]},"jobs":{"capabilities":{"add":[],"drop":[]},\#
        "dependsOn":[],"environment":{},"files":[],\#
        "image":{"archive":{"_0":{"sha256":"abababababababababababababababababababababababababababababababab",\#
        "url":"https://files.example.com/jobs.tar"}}},"init":true,"labels":{},"ports":[],"privileged":false,\#
        "readOnly":false,"resources":{},"secretFiles":[],"stopTimeout":"10s","tmpfs":[],"volumes":[]},\#
        "web":{"allowPrivilegeEscalation":true,\#
        "capabilities":{"add":["NET_ADMIN"],"drop":["KILL"]},"command":["serve","--port","8443"],\#
        "dependsOn":["database"],"entrypoint":["/start"],"environment":{"LOG_LEVEL":"info"},\#
        "files":[{"contentDigest":"abababababababababababababababababababababababababababababababab",\#
        "source":"files/site.conf","target":"/etc/web/site.conf"}],\#
        "health":{"check":{"http":{"_0":{"path":"/healthz","port":8443,"tls":true}}},"interval":"5s","restart":true,\#
        "retries":12,"startPeriod":"30s","timeout":"3s"},"hostname":"web",\#
        "image":{"reference":{"_0":"registry.example.com/acme/web:1.0.0"}},"init":true,"labels":{"team":"core"},\#
        "liveness":{"check":{"tcp":{"port":8443}},"timeout":"2s"},"logs":{"driver":"file","maximum":"20MiB"},\#
        "ports":["443:8443"],"privileged":false,"readOnly":true,"resources":{"cpus":0.5,"memory":"256MiB",\#
        "pids":100},"restartWith":["database"],"secretFiles":[{"mode":"0400","owner":"33:33","secret":"key","target":"/run/key"}],\#
        "stopTimeout":"30s","tmpfs":["/run"],"user":"33:33","userns":"private","volumes":[{"backup":{"dump":["dump"],\#
        "engine":"tar","exclude":["cache"],"include":["site"],"load":["load"],"mode":"hook",\#
        "timeout":"2h"},"formerly":"site",\#
        "mayBeEmpty":true,"mode":"0700","owner":"33:33",\#
        "readOnly":false,"source":{"data":{"_0":"web"}},\#
        "startEmpty":true,"target":"/data"}],"workingDirectory":"/srv"}},\#
        "drift":"report","formerly":"acme-old","host":"berlin","hostKeys":["ssh-ed25519 AAAC"],"hostSettings":{"dns":{"search":["acme.example.com"],\#
        "servers":["192.0.2.53"]},"hostname":"vsn1","hosts":{"192.0.2.5":["db.internal"]},"logs":{"maximum":"2GiB"},\#
        "sysctl":{"vm.max_map_count":"262144"},"timezone":"Europe/Berlin"},\#
        "hotfixes":{"web":"registry.example.com/acme/web:1.0.0-hf1"},\#
        "mail":{"from":"a@example.com","password":"${secret:mail}","smtp":"smtps://mail.example.com:465",\#
        "to":["b@example.com"],"username":"vsn"},"maintenance":{"cleanup":{"keep":"1d","schedule":"30 3 * * *"},\#
        "healthcheck":{"remindAfter":"1d","restartAfter":2,"restartLimit":5,"schedule":"*/5 * * * *"}},\#
        "network":{"subnet":"10.89.7.0/24"},\#
        "onFailure":"containerless","registries":{"registry.example.com":{"password":"${secret:registry}",\#
        "username":"acme"}},"replaces":"hamburg","size":"small","stack":"acme","version":"1.0.0"},"secretDigests":{"database":"d1",\#
        "mail":"d2"}}
        """#
}
