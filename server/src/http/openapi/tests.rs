//! Tests of the OpenAPI document.

use super::*;

#[test]
fn every_reference_leads_somewhere() {
    let document = build("t", "http://localhost", &[]);
    fn walk(node: &Value, root: &Value, seen: &mut usize) {
        match node {
            Value::Object(map) => {
                if let Some(Value::String(target)) = map.get("$ref") {
                    let pointer = target.strip_prefix('#').expect("only references inside the document");
                    assert!(root.pointer(pointer).is_some(), "{target}");
                    *seen += 1;
                }
                map.values().for_each(|v| walk(v, root, seen));
            }
            Value::Array(list) => list.iter().for_each(|v| walk(v, root, seen)),
            _ => {}
        }
    }
    let mut seen = 0;
    walk(&document, &document, &mut seen);
    assert!(seen > 50);
}

#[test]
fn operations_have_names_of_their_own_and_every_path_parameter_is_described() {
    let document = build("t", "http://localhost", &[]);
    let mut ids = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (_, operation) in methods.as_object().unwrap().iter().filter(|(name, _)| *name != "servers") {
            ids.push(operation["operationId"].as_str().unwrap().to_owned());
            let names: Vec<&str> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|p| match p["$ref"].as_str() {
                    Some(target) => document.pointer(&target[1..]).unwrap(),
                    None => p,
                })
                .filter(|p| p["in"] == "path")
                .map(|p| p["name"].as_str().unwrap())
                .collect();
            let wanted: Vec<&str> = path.split('{').skip(1).map(|p| p.split('}').next().unwrap()).collect();
            assert_eq!(names, wanted, "{path}");
        }
    }
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
