import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "What an image says of itself is read before anything stops", .enabled(if: VSN.unavailable == nil),
    .timeLimit(.minutes(5)))
struct ImageConfigurationTests {
    private func publish(_ vsn: VSN, _ version: String, _ change: (inout PodmanTestImage) -> Void) async throws {
        var image = PodmanTestImage(version)
        change(&image)
        try await vsn.registry.push(image, repository: "acme/web", tag: version)
    }

    @Test(
        "one for another processor, without a command, with a directory for a program, with a user that it does not know, or with an order for the runtime is refused while the stack runs on (J2)"
    )
    func obstacles() async throws {
        try await VSN.deployed { vsn in
            let images: [String: any Sendable] = ["annotations": [String]()]
            let policy: [String: any Sendable] = ["profile": "trusted", "images": images]
            try vsn.configure(["policy": policy])
            let before = try await vsn.containerID("web")
            try await publish(vsn, "1.1.0") { $0.architecture = "s390x" }
            try await publish(vsn, "1.2.0") { $0.command = [] }
            try await publish(vsn, "1.3.0") {
                $0.user = "app"
                $0.files = ["/etc/passwd": "root:x:0:0::/:/bin/sh\n"]
            }
            try await publish(vsn, "1.4.0") { $0.annotations = ["run.oci.seccomp_bpf_data": "BgAAAAAA/38="] }
            try await publish(vsn, "1.5.0") { $0.command = ["/www"] }
            let words = [
                "1.5.0": "the program '/www' of container 'web', which its image names, is a directory",
                "1.4.0": "has the annotation 'run.oci.seccomp_bpf_data', which container runtimes",
                "1.1.0": "linux/s390x", "1.2.0": "neither a command",
                "1.3.0": "'app' of container 'web', which its image",
            ]
            for (version, word) in words.sorted(by: { $0.key < $1.key }) {
                try vsn.commit(version)
                let result = try await vsn.fairlead("reconcile")
                #expect(result.status == 3, "\(result.errorTail)")
                #expect(result.errorTail.contains(word), "\(result.errorTail)")
                #expect(try await vsn.containerID("web") == before)
                #expect(try await vsn.journal().failures().first?.nextAttempt != nil)
            }
            // The plan can name what the image lacks.
            try vsn.commit(
                "1.2.0",
                changes: #"{"containers": {"web": {"command": ["/bin/httpd", "-f", "-p", "8080", "-h", "/www"]}}}"#)
            let named = try await vsn.fairlead("reconcile")
            #expect(named.status == 0, "\(named.errorTail)")
            #expect(await vsn.served() == "1.2.0")
        }
    }

    @Test("its HEALTHCHECK gates a container without 'health', is shown and saved, and \"none\" leaves it out (C3)")
    func healthcheck() async throws {
        try await VSN.deployed { vsn in
            try await publish(vsn, "1.1.0") { $0.healthcheck = "test -e /www/version" }
            try await publish(vsn, "1.2.0") { $0.healthcheck = "false" }
            let without = #"{"containers": {"web": {"health": null}}}"#
            try vsn.commit("1.1.0", changes: without)
            let first = try await vsn.fairlead("reconcile")
            #expect(first.status == 0, "\(first.errorTail)")
            let words = "health from the image: command '/bin/sh -c test -e /www/version', every 1s"
            #expect((first.text + first.errorTail).contains(words), "\(first.text)\(first.errorTail)")
            #expect(try await vsn.fairlead("show", "2").text.contains(words))
            #expect(try await vsn.fairlead("plan").text.contains(words))

            // A repair goes by what was saved.
            try await vsn.sandbox.podman("rm", "--force", "\(vsn.stack)-web")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            let state = try #require(try await vsn.journal().deployedState())
            #expect(state.startedPlan.containers["web"]?.health?.retries == 2)
            #expect(state.desired.plan.containers["web"]?.health == nil)

            try vsn.commit("1.2.0", changes: without)
            let sick = try await vsn.fairlead("reconcile")
            #expect(sick.errorTail.contains("did not become healthy"), "\(sick.errorTail)")
            #expect(try await vsn.deployments().first?.outcome == .containerless)
            try await expectNoOutageOnceTornDown(vsn)
            try vsn.commit("1.2.0", changes: #"{"containers": {"web": {"health": "none"}}}"#)
            let off = try await vsn.fairlead("reconcile")
            #expect(off.status == 0, "\(off.errorTail)")
            #expect(try await vsn.fairlead("plan").text.contains("health from the image") == false)
        }
    }

    @Test("its labels say how it is asked, and are shown and saved; a wrong one is refused while the stack runs (C3)")
    func labels() async throws {
        try await VSN.deployed { vsn in
            let health = #"{"command": ["/bin/sh", "-c", "test -e /www/version"], "interval": "1s", "retries": 9}"#
            try await publish(vsn, "1.1.0") {
                $0.healthcheck = "false"
                $0.labels = ["io.fairlead.health": health, "io.fairlead.liveness": #"{"tcp": 8080}"#]
                $0.labels["io.fairlead.later"] = "{}"
            }
            try await publish(vsn, "1.2.0") {
                $0.labels = ["io.fairlead.health": #"{"http": {"port": 8080, "path": "x"}}"#]
            }
            let without = #"{"containers": {"web": {"health": null}}}"#
            try vsn.commit("1.1.0", changes: without)
            let first = try await vsn.fairlead("reconcile")
            #expect(first.status == 0, "\(first.errorTail)")
            let words = [
                "health from the image: command '/bin/sh -c test -e /www/version', every 1s",
                "liveness from the image: tcp port 8080",
            ]
            for line in words + ["its image has the label 'io.fairlead.later'"] {
                #expect((first.text + first.errorTail).contains(line), "\(line): \(first.text)\(first.errorTail)")
            }
            let shown = try await vsn.fairlead("show", "2").text + vsn.fairlead("plan").text
            for line in words { #expect(shown.contains(line), "\(shown)") }
            let resolved = try await vsn.fairlead("plan", "--resolved").text
            #expect(resolved.contains(/\/containers\/web\/liveness += tcp port 8080 +\(image\)/), "\(resolved)")
            let state = try #require(try await vsn.journal().deployedState())
            #expect(state.startedPlan.containers["web"]?.liveness?.check == .tcp(port: 8080))
            #expect(state.desired.plan.containers["web"]?.liveness == nil)

            let before = try await vsn.containerID("web")
            try vsn.commit("1.2.0", changes: without)
            let wrong = try await vsn.fairlead("reconcile")
            #expect(wrong.status == 3, "\(wrong.errorTail)")
            let problem = "image of 'web': label io.fairlead.health /http/path: 'x' is not a path; begin it with '/'"
            #expect(wrong.errorTail.contains(problem), "\(wrong.errorTail)")
            #expect(try await vsn.containerID("web") == before)
            // The host's owner can leave labels out; the plan's key takes their place.
            let policy: [String: any Sendable] = ["profile": "trusted", "imageContract": false]
            try vsn.configure(["policy": policy])
            try vsn.commit("1.2.0", changes: #"{"containers": {"web": {"health": null, "environment": {"A": "1"}}}}"#)
            let vain = try await vsn.fairlead("reconcile")
            #expect(vain.status == 0, "\(vain.errorTail)")
            #expect((vain.text + vain.errorTail).contains("'policy.imageContract' is off"), "\(vain.errorTail)")
            try vsn.configure()
            try vsn.commit("1.2.0", changes: #"{"containers": {"web": {"health": {"http": null, "tcp": 8080}}}}"#)
            let own = try await vsn.fairlead("reconcile")
            #expect(own.status == 0, "\(own.errorTail)")
        }
    }

    /// Who takes down what is down means it to be down.
    private func expectNoOutageOnceTornDown(_ vsn: VSN) async throws {
        #expect(try await vsn.fairlead("history").text.contains("down since"))
        let gone = try await vsn.fairlead("teardown", "--yes")
        #expect(gone.text.contains("'\(vsn.stack)' is torn down and suspended"), "\(gone.text)\(gone.errorTail)")
        let history = try await vsn.fairlead("history").text
        #expect(history.contains(/torn down .*downtime/) && !history.contains("down since"), "\(history)")
        let status = try await vsn.fairlead("status").text
        #expect(status.contains(", suspended\n") && !status.contains("DOWN"), "\(status)")
        #expect(try await vsn.fairlead("resume").status == 0)
    }

    @Test(
        "what was written into a volume of it that the plan does not mount keeps the container, until it is copied (S1)"
    )
    func volume() async throws {
        try await VSN.deployed { vsn in
            try await publish(vsn, "1.1.0") { $0.volumes = ["/data", "/cache"] }
            try vsn.commit("1.1.0")
            let first = try await vsn.fairlead("reconcile")
            #expect(first.status == 0, "\(first.errorTail)")
            #expect((first.text + first.errorTail).contains("declares a volume at '/data'"))
            let told = try await vsn.fairlead("plan").text
            #expect(told.contains(#"add {"data": "web", "target": "/data"} to its 'volumes'"#), "\(told)")
            let examined = try await vsn.fairlead("doctor").text
            #expect(examined.contains("container 'web' declares a volume at '/cache'"), "\(examined)")
            // Nothing is written, so nothing is lost.
            try vsn.commit("1.1.0", changes: Self.changes("1"))
            #expect(try await vsn.fairlead("reconcile").status == 0)

            let before = try await vsn.containerID("web")
            try await vsn.sandbox.podman(
                "exec", "\(vsn.stack)-web", "/bin/sh", "-c", "echo rows >/data/x; mkdir /cache; echo old >/cache/y")
            let volume = #""volumes": [{"data": "web", "target": "/data"}]"#
            for (number, more) in ["", #""tmpfs": ["/data"]"#, volume, #""tmpfs": ["/cache"], \#(volume)"#].enumerated()
            {
                try vsn.commit("1.1.0", changes: Self.changes("a\(number)", more))
                let refused = try await vsn.fairlead("reconcile")
                #expect(refused.status == 3, "\(more): \(refused.errorTail)")
                #expect(refused.errorTail.contains("podman cp \(vsn.stack)-web:/"), "\(refused.errorTail)")
                #expect(try await vsn.containerID("web") == before)
            }
            let directory = "\(vsn.dataDirectory)/web"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try await vsn.sandbox.podman("cp", "\(vsn.stack)-web:/data/.", directory)
            try vsn.commit("1.1.0", changes: Self.changes("3", #""tmpfs": ["/cache"], \#(volume)"#))
            let kept = try await vsn.fairlead("reconcile")
            #expect(kept.status == 0, "\(kept.errorTail)")
            #expect(try await vsn.sandbox.podman("exec", "\(vsn.stack)-web", "/bin/cat", "/data/x") == "rows")
            #expect(vsn.data("web/x") == "rows\n")
        }
    }

    private static func changes(_ value: String, _ more: String = "") -> String {
        #"{"containers": {"web": {"environment": {"A": "\#(value)"}\#(more.isEmpty ? "" : ", " + more)}}}"#
    }
}
