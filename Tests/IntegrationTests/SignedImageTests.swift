import Foundation
import Model
import Processes
import TestSupport
import Testing

/// T1: `trust.images`, through the binary.
@Suite(
    "A host that demands signed images",
    .enabled(if: VSN.unavailable == nil && ImageSigningKey.unavailable == nil), .timeLimit(.minutes(5)))
struct SignedImageTests {
    private func demand(_ vsn: VSN, _ key: ImageSigningKey) throws {
        let places = ["\(vsn.registry.address)/acme": ["sigstore": [key.publicKey]]]
        try vsn.configure(["trust": ["images": places]])
    }

    @Test("refuses an unsigned image with the stack untouched, runs what is signed, and tells by whom")
    func wholeWay() async throws {
        let key = try await ImageSigningKey.make("acme")
        try await VSN.deployed { vsn in
            try demand(vsn, key)
            let warning = try await vsn.fairlead("doctor")
            #expect(warning.text.contains("not checked, since brought before a signature was demanded: database, web"))
            #expect(warning.text.contains("/acme' have to be signed by acme"), "\(warning.text)")

            try await vsn.publish("2.0.0")
            try vsn.commit("2.0.0")
            let web = try await vsn.containerID("web")
            let refused = try await vsn.fairlead("reconcile")
            #expect(refused.status == 3, "\(refused.text)\(refused.errorTail)")
            #expect((refused.text + refused.errorTail).contains("it is not signed"), "\(refused.text)")
            #expect(try await vsn.containerID("web") == web)
            #expect(await vsn.served() == "1.0.0")

            for version in ["1.0.0", "2.0.0"] {
                let digest = try await vsn.registry.push(
                    PodmanTestImage(version), repository: "acme/web", tag: version)
                try await vsn.registry.sign(digest, repository: "acme/web", by: key)
            }
            let taken = try await vsn.fairlead("reconcile", "--force")
            #expect(taken.status == 0, "\(taken.text)\(taken.errorTail)")
            #expect(await vsn.served() == "2.0.0")
            let record = try #require(try await vsn.deployments().first)
            #expect(record.images.mapValues(\.signature?.signer) == ["database": "acme", "web": "acme"])
            let shown = try await vsn.fairlead("show", "\(record.id)")
            #expect(shown.text.contains("signed by acme"), "\(shown.text)")
            let status = try await vsn.fairlead("status")
            #expect(status.text.contains("acme/web:2.0.0, signed by acme"), "\(status.text)")
            #expect(try await vsn.fairlead("doctor").text.contains("all that run here have the signatures"))
        }
    }

    @Test("takes what runs already once more after a reboot, signed or not, and says so")
    func again() async throws {
        let key = try await ImageSigningKey.make("acme")
        try await VSN.deployed { vsn in
            try demand(vsn, key)
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
            let mended = try await vsn.fairlead("reconcile")
            #expect(await vsn.served() == "1.0.0", "\(mended.text)\(mended.errorTail)")
            #expect(
                mended.errorTail.contains("without a signature that this host demands by now"), "\(mended.errorTail)")
        }
    }

    @Test("takes images from the places that it names, no archive and no build beside them")
    func sources() async throws {
        let key = try await ImageSigningKey.make("acme")
        try await VSN.with { vsn in
            try demand(vsn, key)
            for image in [
                #""\#(vsn.registry.address)/other/web:1""#, #"{"build": "images/web"}"#,
                #"{"archive": "https://files.example.com/web.tar", "sha256": "\#(String(repeating: "a", count: 64))"}"#,
            ] {
                try vsn.repo.write("images/web/Containerfile", "FROM \(vsn.registry.address)/acme/web:1.0.0\n")
                try vsn.commit("1.0.0", changes: #"{"containers": {"web": {"image": \#(image)}}}"#)
                let result = try await vsn.fairlead("reconcile")
                #expect(result.status == 3, "\(image): \(result.text)\(result.errorTail)")
                #expect((result.text + result.errorTail).contains("not allowed on this VSN"), "\(result.text)")
            }
        }
    }
}
