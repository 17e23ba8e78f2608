import Processes
import TestSupport
import Testing

@Suite("Images that may be damaged", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct SuspectImageTests {
    @Test("a suspect that a container names is dropped before others are built from it, not meanwhile")
    func baseImage() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            let image = "\(vsn.registry.address)/acme/web:1.0.0"
            // Fairlead has not seen it being stored.
            try await vsn.sandbox.podman("pull", image)
            // As many as are brought at once, so that the image itself has to wait for the first of them.
            let builds = ["a1": 1, "a2": 9, "a3": 9, "a4": 9]
            for (name, seconds) in builds {
                try vsn.repo.write("images/\(name)/Containerfile", "FROM \(image)\nRUN sleep \(seconds)\nRUN true\n")
            }
            let containers = builds.keys.map { #""\#($0)": {"image": {"build": "images/\#($0)"}}"# }
            try vsn.commit("1.0.0", changes: #"{"containers": {\#(containers.joined(separator: ", "))}}"#)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            #expect(result.errorTail.contains("it is pulled again"), "\(result.errorTail)")
            #expect(try await vsn.containers().count == 6)
        }
    }
}
